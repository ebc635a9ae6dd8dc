// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.lease;

import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.mvcc.LeaseClock;
import io.jangada.mvcc.ReadView;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.Clock;
import io.jangada.raftnode.EventLoop;
import io.jangada.raftnode.RaftStatus;
import io.jangada.server.auth.Caller;
import io.jangada.server.member.LocalMember;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of leases while this member leads, and the revoking of those that are over, which goes
 * through the log and has its effect in the term of this leader alone: one that was deposed and does not know it yet
 * ends nothing that its successor has renewed. All state belongs to the server loop; every method may be called by any thread.
 */
public final class LeaseKeeper {
    private static final long PERIOD_NANOS = Duration.ofMillis(500).toNanos();
    private static final int REVOKES_PER_PERIOD = 500;

    private final EventLoop loop;
    private final Clock time;
    private final LeaseClock clock = new LeaseClock(Duration.ofSeconds(3).toNanos());
    private @Nullable LocalMember member;
    /** In which the deadlines were counted. */
    private long term;

    /** A keeper on {@code loop}, without leases; deadlines are {@code time}'s. */
    public LeaseKeeper(EventLoop loop, Clock time) {
        this.loop = loop;
        this.time = time;
    }

    /** Begins to look for expired leases. */
    public void start(LocalMember of) {
        loop.execute(() -> {
            member = of;
            period(of);
        });
    }

    private void period(LocalMember of) {
        RaftStatus status = of.status();
        if (status.isLeader() && (!clock.isLeading() || status.term() != term)) {
            promote(of, status.term());
        } else if (!status.isLeader()) {
            clock.demote();
        }
        for (long id : clock.expired(time.nanos(), REVOKES_PER_PERIOD)) {
            var ignored = of.node()
                    .propose(Bytes.wrap(InternalRaftRequest.newBuilder()
                            .setHeader(Caller.MEMBER.header().toBuilder().setTerm(term))
                            .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id)).build()
                            .toByteArray()));
        }
        if (!status.stopped()) {
            loop.schedule(() -> period(of), PERIOD_NANOS);
        }
    }

    private void promote(LocalMember of, long inTerm) {
        term = inTerm;
        try (ReadView view = of.store().view()) {
            clock.promote(view.leases(), time.nanos(),
                    Duration.ofMillis(of.config().electionTimeoutMillis()).toNanos());
        }
    }

    /** This member leads, or no longer. */
    public void leadershipChanged() {
        loop.execute(() -> {
            LocalMember present = member;
            RaftStatus status = present == null ? null : present.status();
            if (present != null && status != null && status.isLeader()) {
                promote(present, status.term());
            } else {
                clock.demote();
            }
        });
    }

    /** A lease was granted. */
    public void granted(long id, long ttlSeconds) {
        loop.execute(() -> clock.granted(id, ttlSeconds, time.nanos()));
    }

    /** A lease has ended. */
    public void revoked(long id) {
        loop.execute(() -> clock.revoked(id));
    }

    /**
     * Renews a lease.
     *
     * @param answer gets its seconds, or nothing where there is no such lease; by the server loop
     * @param notLeading called instead if this member does not lead and so cannot know; by the same
     */
    public void renew(long id, Consumer<OptionalLong> answer, Runnable notLeading) {
        ask(() -> clock.renew(id, time.nanos()), answer, notLeading);
    }

    /** The nanoseconds that are left of a lease; as {@link #renew}. */
    public void remaining(long id, Consumer<OptionalLong> answer, Runnable notLeading) {
        ask(() -> clock.remainingNanos(id, time.nanos()), answer, notLeading);
    }

    private void ask(Supplier<OptionalLong> question, Consumer<OptionalLong> answer,
            Runnable notLeading) {
        loop.execute(() -> {
            if (clock.isLeading()) {
                answer.accept(question.get());
            } else {
                notLeading.run();
            }
        });
    }
}
