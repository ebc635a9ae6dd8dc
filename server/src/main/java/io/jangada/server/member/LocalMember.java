// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.member;
import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.ResponseHeader;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.raft.DropReason;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.Clock;
import io.jangada.raftnode.EventLoop;
import io.jangada.raftnode.ProposalResult;
import io.jangada.raftnode.RaftNode;
import io.jangada.raftnode.RaftStatus;
import io.jangada.raftnode.ReadResult;
import io.jangada.raftnode.UnknownCause;
import io.jangada.server.apply.ApplyResult;
import io.jangada.server.apply.Members;
import io.jangada.server.auth.Caller;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.error.EtcdError;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * This member, as the services see it: proposes, reads, and signs answers. Thread-safe; nothing here
 * blocks.
 */
public final class LocalMember {
    /** Entries committed and not applied beyond which requests are refused (etcd: maxGapBetweenApplyAndCommitIndex). */
    private static final long APPLY_GAP_MAX = 5_000;
    /** The same for what keeps the cluster going (etcd: the gate PriorityRequest). */
    private static final long PRIORITY_APPLY_GAP_MAX = 10_000;
    private static final int WAITING_MAX = 65_536;
    private static final long RETRY_NANOS = Duration.ofMillis(20).toNanos();

    private final ServerConfig config;
    private final long clusterId;
    private final long memberId;
    private final MvccStore store;
    private final RaftNode<ApplyResult> node;
    private final EventLoop loop;
    private final Clock clock;
    private final Executor readers;
    private final LongAdder readIndexFailures = new LongAdder();
    private final AtomicInteger waiting = new AtomicInteger();

    /** What happens to a proposal in the end. Called once, by a loop that it must not block. */
    public interface Answer {
        /** Applied; see {@link ApplyResult.Done}. */
        void done(MessageLite response, long revision);

        /** Refused, or of unknown outcome: the error says which. */
        void failed(EtcdError error);
    }

    /** A member over its parts; {@code readers} runs what may take long, and rejects when too much waits. */
    public LocalMember(ServerConfig config, long clusterId, long memberId, MvccStore store,
            RaftNode<ApplyResult> node, EventLoop loop, Clock clock, Executor readers) {
        this.config = config;
        this.clusterId = clusterId;
        this.memberId = memberId;
        this.store = store;
        this.node = node;
        this.loop = loop;
        this.clock = clock;
        this.readers = readers;
    }

    /** How it was configured. */
    public ServerConfig config() {
        return config;
    }

    /** This member. */
    public long memberId() {
        return memberId;
    }

    /** The store, for reading. */
    public MvccStore store() {
        return store;
    }

    /** The group. */
    public RaftNode<ApplyResult> node() {
        return node;
    }

    /** How the group stands. */
    public RaftStatus status() {
        return node.status();
    }

    /**
     * Whether this member is a learner: one that was added as such, and not one that only waits until it has
     * the log to vote.
     */
    public boolean isLearner() {
        if (!node.status().confState().learners().contains(memberId)) {
            return false;
        }
        try (ReadView view = store.view()) {
            return Members.find(view, memberId)
                    .map(own -> own.getRaftAttributes().getIsLearner()).orElse(false);
        }
    }

    /** Runs what may take long, such as ranges; rejects when too much waits. */
    public Executor readers() {
        return readers;
    }

    /** The server loop: leases, retries, timers. */
    public EventLoop loop() {
        return loop;
    }

    /** The header of an answer at {@code revision}. */
    public ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder().setClusterId(clusterId).setMemberId(memberId)
                .setRevision(revision).setRaftTerm(node.status().term()).build();
    }

    /**
     * Proposes {@code request} and answers. While nobody leads it waits, up to the request timeout. It is
     * the request of the {@linkplain Caller#current caller} that is being served on this thread.
     */
    public void propose(InternalRaftRequest request, Answer answer) {
        propose(Caller.current(), request, answer);
    }

    /** The same for {@code caller}: that of a request served before, or {@link Caller#MEMBER}. */
    public void propose(Caller caller, InternalRaftRequest request, Answer answer) {
        RaftStatus status = node.status();
        long gapMax = hasPriority(caller, request) ? PRIORITY_APPLY_GAP_MAX : APPLY_GAP_MAX;
        if (status.commit() - status.applied() > gapMax) {
            answer.failed(EtcdError.TOO_MANY_REQUESTS);
            return;
        }
        byte[] encoded = caller.equals(Caller.ANONYMOUS)
                ? request.toByteArray()
                : request.toBuilder().setHeader(caller.header()).build().toByteArray();
        if (encoded.length > config.maxRequestBytes()) {
            answer.failed(EtcdError.REQUEST_TOO_LARGE);
            return;
        }
        propose(Bytes.wrap(encoded), answer,
                clock.nanos() + config.requestTimeout().toNanos());
    }

    /** What frees space, ends leases or lowers an alarm, and what members say themselves, goes on under load. */
    static boolean hasPriority(Caller caller, InternalRaftRequest request) {
        return caller.equals(Caller.MEMBER) || request.hasLeaseRevoke() || request.hasAlarm()
                || request.hasCompaction();
    }

    private void propose(Bytes command, Answer answer, long deadlineNanos) {
        var ignored = node.propose(command).whenComplete((result, failure) -> {
            if (failure != null) {
                answer.failed(EtcdError.STOPPED);
                return;
            }
            switch (result) {
                case ProposalResult.Applied<ApplyResult> applied ->
                    answer(applied.result(), answer);
                case ProposalResult.Refused<ApplyResult> refused ->
                    refused(refused, command, answer, deadlineNanos);
                case ProposalResult.Unknown<ApplyResult> unknown ->
                    answer.failed(unknown(unknown));
            }
        });
    }

    private static void answer(ApplyResult result, Answer answer) {
        switch (result) {
            case ApplyResult.Done(MessageLite response, long revision) ->
                answer.done(response, revision);
            case ApplyResult.Rejected(EtcdError error) -> answer.failed(error);
        }
    }

    private static EtcdError unknown(ProposalResult.Unknown<ApplyResult> unknown) {
        if (unknown.cause() == UnknownCause.STOPPED) {
            return EtcdError.STOPPED;
        }
        return unknown.leader() == 0 ? EtcdError.TIMEOUT_LEADER_FAIL : EtcdError.TIMEOUT;
    }

    /* Only what is certainly not in the log is proposed again (law 11). */
    private void refused(ProposalResult.Refused<ApplyResult> refused, Bytes command,
            Answer answer, long deadlineNanos) {
        DropReason reason = refused.reason();
        boolean waits = reason == DropReason.NO_LEADER
                || reason == DropReason.TRANSFER_IN_PROGRESS;
        if (!waits) {
            answer.failed(error(reason));
        } else if (clock.nanos() - deadlineNanos > 0) {
            answer.failed(EtcdError.TIMEOUT);
        } else if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            answer.failed(EtcdError.TOO_MANY_REQUESTS);
        } else {
            loop.schedule(() -> {
                waiting.decrementAndGet();
                propose(command, answer, deadlineNanos);
            }, RETRY_NANOS);
        }
    }

    private static EtcdError error(DropReason reason) {
        return switch (reason) {
            case NO_LEADER, NO_ANSWER, LAGGING, TRANSFER_IN_PROGRESS, FORWARDING_DISABLED ->
                EtcdError.TIMEOUT;
            case LEADER_CHANGED -> EtcdError.LEADER_CHANGED;
            case BAD_TRANSFER_TARGET -> EtcdError.BAD_LEADER_TRANSFEREE;
            case MALFORMED -> EtcdError.NOT_CAPABLE;
            case OVERLOADED, UNCOMMITTED_LIMIT -> EtcdError.TOO_MANY_REQUESTS;
            case DISK_FULL -> EtcdError.NO_SPACE;
            case NOT_A_MEMBER, STOPPED -> EtcdError.STOPPED;
        };
    }

    /** How many calls of {@link #readIndex} were refused. */
    public long readIndexFailures() {
        return readIndexFailures.sum();
    }

    /** Runs {@code read} once what is in the store is no older than this call, or {@code failed}. */
    public void readIndex(Runnable read, Consumer<EtcdError> failed) {
        var ignored = node.readIndex().whenComplete((result, failure) -> {
            if (failure != null) {
                failed.accept(EtcdError.STOPPED);
                return;
            }
            switch (result) {
                case ReadResult.Ready ready -> read.run();
                case ReadResult.Refused refused -> {
                    readIndexFailures.increment();
                    failed.accept(error(refused.reason()));
                }
            }
        });
    }
}
