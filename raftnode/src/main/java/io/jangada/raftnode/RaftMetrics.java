// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.time.Duration;

/**
 * Where a host's figures go, for whatever library counts them. Called by the loops that are named, which
 * it must not block; a host's groups call it from the same loops. Every method does nothing by default.
 * Durations are measured by the host's {@link Clock}.
 *
 * <p>What is told here is also recorded as events of Java Flight Recorder, named {@code jangada.*}, where
 * a recording has switched them on.
 */
public interface RaftMetrics {
    /** Counts nothing, and costs nothing. */
    RaftMetrics NONE = new RaftMetrics() {};

    /** How a proposal ended. */
    enum ProposalEnd {
        /** Applied. */
        APPLIED,
        /** Certainly not taken. */
        REFUSED,
        /** Not known. */
        UNKNOWN
    }

    /**
     * A proposal of this member has ended. Apply loop if it was applied, else any thread.
     *
     * @param latency since {@link RaftNode#propose}
     */
    default void proposalEnded(long group, ProposalEnd end, Duration latency) {}

    /**
     * The log was forced, for all groups that waited. WAL loop.
     *
     * @param duration of the writing and the force
     */
    default void walForced(Duration duration) {}

    /**
     * Another member leads. Node loop.
     *
     * @param leader 0 for none
     */
    default void leaderChanged(long group, long leader, long term) {}

    /** The state up to {@code index} is durable, and the log was cut behind it. Node loop. */
    default void snapshotTaken(long group, long index) {}

    /** The state machine was replaced by a leader's snapshot. Apply loop. */
    default void snapshotInstalled(long group, long index) {}
}
