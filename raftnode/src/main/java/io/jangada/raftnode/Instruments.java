// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.EventType;

/**
 * What a host measures: tells its {@link RaftMetrics} and Flight Recorder. Thread-safe: immutable.
 *
 * @param metrics the embedder's
 * @param clock measures durations
 */
record Instruments(RaftMetrics metrics, Clock clock) {
    private static final EventType PROPOSAL = EventType
            .getEventType(FlightEvents.Proposal.class);

    /** Nanoseconds, to be given to one of the methods below. */
    long begin() {
        return clock.nanos();
    }

    private Duration since(long begunNanos) {
        return Duration.ofNanos(clock.nanos() - begunNanos);
    }

    /** Measures a proposal, if anybody wants to know. */
    void proposed(long group, CompletableFuture<? extends ProposalResult<?>> future) {
        if (metrics.equals(RaftMetrics.NONE) && !PROPOSAL.isEnabled()) {
            return;
        }
        long begunNanos = begin();
        CompletableFuture<?> unusedEnd = future.thenAccept(
                result -> proposalEnded(group, end(result), since(begunNanos)));
    }

    private static RaftMetrics.ProposalEnd end(ProposalResult<?> result) {
        return switch (result) {
            case ProposalResult.Applied<?> ignored -> RaftMetrics.ProposalEnd.APPLIED;
            case ProposalResult.Refused<?> ignored -> RaftMetrics.ProposalEnd.REFUSED;
            case ProposalResult.Unknown<?> ignored -> RaftMetrics.ProposalEnd.UNKNOWN;
        };
    }

    private void proposalEnded(long group, RaftMetrics.ProposalEnd end, Duration latency) {
        metrics.proposalEnded(group, end, latency);
        FlightEvents.Proposal event = new FlightEvents.Proposal();
        if (event.shouldCommit()) {
            event.group = group;
            event.end = end.name();
            event.latency = latency.toNanos();
            event.commit();
        }
    }

    /** The log was written and forced since {@code begunNanos}. */
    void walForced(long begunNanos) {
        Duration duration = since(begunNanos);
        metrics.walForced(duration);
        FlightEvents.WalForce event = new FlightEvents.WalForce();
        if (event.shouldCommit()) {
            event.took = duration.toNanos();
            event.commit();
        }
    }

    /** What the observers of {@code group} hear, for the figures. */
    RaftObserver observer(long group) {
        return new RaftObserver() {
            @Override
            public void leaderChanged(long leader, long term) {
                metrics.leaderChanged(group, leader, term);
                FlightEvents.LeaderChange event = new FlightEvents.LeaderChange();
                if (event.shouldCommit()) {
                    event.group = group;
                    event.leader = leader;
                    event.term = term;
                    event.commit();
                }
            }

            @Override
            public void snapshotTaken(AppliedState at) {
                metrics.snapshotTaken(group, at.index());
                snapshot(group, at.index(), false);
            }

            @Override
            public void restored(AppliedState at) {
                metrics.snapshotInstalled(group, at.index());
                snapshot(group, at.index(), true);
            }
        };
    }

    private static void snapshot(long group, long index, boolean installed) {
        FlightEvents.Snapshot event = new FlightEvents.Snapshot();
        if (event.shouldCommit()) {
            event.group = group;
            event.index = index;
            event.installed = installed;
            event.commit();
        }
    }
}
