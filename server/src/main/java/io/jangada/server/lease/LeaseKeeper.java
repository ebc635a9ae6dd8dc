// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.lease;

import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.mvcc.LeaseClock;
import io.jangada.mvcc.ReadView;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.LocalMember;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of leases while this member leads, and the revoking of those that are over, which goes
 * through the log. All state belongs to the server loop; every method may be called by any thread.
 */
public final class LeaseKeeper {
    private static final long PERIOD_NANOS = Duration.ofMillis(500).toNanos();
    private static final int REVOKES_PER_PERIOD = 500;

    private final EventLoop loop;
    private final LeaseClock clock = new LeaseClock(Duration.ofSeconds(3).toNanos());
    private @Nullable LocalMember member;

    /** A keeper on {@code loop}, without leases. */
    public LeaseKeeper(EventLoop loop) {
        this.loop = loop;
    }

    /** Begins to look for expired leases. */
    public void start(LocalMember of) {
        loop.execute(() -> {
            member = of;
            period(of);
        });
    }

    private void period(LocalMember of) {
        boolean leads = of.status().isLeader();
        if (leads && !clock.isLeading()) {
            promote(of);
        } else if (!leads) {
            clock.demote();
        }
        for (long id : clock.expired(System.nanoTime(), REVOKES_PER_PERIOD)) {
            var ignored = of.node().propose(Bytes.wrap(InternalRaftRequest.newBuilder()
                    .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id)).build()
                    .toByteArray()));
        }
        if (!of.status().stopped()) {
            loop.schedule(() -> period(of), PERIOD_NANOS);
        }
    }

    private void promote(LocalMember of) {
        try (ReadView view = of.store().view()) {
            clock.promote(view.leases(), System.nanoTime(),
                    Duration.ofMillis(of.config().electionTimeoutMillis()).toNanos());
        }
    }

    /** This member leads, or no longer. */
    public void leadershipChanged() {
        loop.execute(() -> {
            LocalMember present = member;
            if (present != null && present.status().isLeader()) {
                promote(present);
            } else {
                clock.demote();
            }
        });
    }

    /** A lease was granted. */
    public void granted(long id, long ttlSeconds) {
        loop.execute(() -> clock.granted(id, ttlSeconds, System.nanoTime()));
    }

    /** A lease has ended. */
    public void revoked(long id) {
        loop.execute(() -> clock.revoked(id));
    }

    /** Renews a lease; {@code answer} gets its seconds, or nothing where there is none. */
    public void renew(long id, Consumer<OptionalLong> answer) {
        loop.execute(() -> answer.accept(clock.renew(id, System.nanoTime())));
    }

    /** The nanoseconds that are left of a lease. */
    public void remaining(long id, Consumer<OptionalLong> answer) {
        loop.execute(() -> answer.accept(clock.remainingNanos(id, System.nanoTime())));
    }
}
