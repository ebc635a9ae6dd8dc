// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.checker.history.HistoryBuilder;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.raftnode.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * The ends of leases whose time was over, which no client asks for: the history hears of them, and none comes early
 * (etcd: a lease lives at least for its TTL after it was granted or kept alive).
 */
final class Expiries {
    private static final double SECOND_NANOS = 1e9;
    /** A member's clock may run as much faster than the world's. */
    private static final double RATE_MAX = 1.09;

    private final HistoryBuilder history;
    private final Marks marks;
    private final Clock clock;
    private final Map<Long, Lease> leases = new HashMap<>();

    private record Lease(long ttlSeconds, long sinceNanos) {}

    Expiries(HistoryBuilder history, Marks marks, Clock clock) {
        this.history = history;
        this.marks = marks;
        this.clock = clock;
    }

    /** The cluster has applied {@code request}, of a leader's {@code term}, for the first time, at {@code revision}. */
    void applied(InternalRaftRequest request, long term, long revision) {
        if (request.hasLeaseGrant()) {
            leases.put(request.getLeaseGrant().getID(),
                    new Lease(request.getLeaseGrant().getTTL(), clock.nanos()));
        } else if (request.hasLeaseRevoke() && request.getHeader().getTerm() != 0) {
            long decided = request.getHeader().getTerm();
            if (decided != term) {
                throw new Violation("who no longer leads ends no lease",
                        "lease " + request.getLeaseRevoke().getID() + " ends in term " + term
                                + ", as was decided in term " + decided);
            }
            expired(request.getLeaseRevoke().getID(), revision);
        }
    }

    /** A client has heard that its lease lives on. */
    void keptAlive(long id, long ttlSeconds, long askedNanos) {
        leases.computeIfPresent(id,
                (ignored, lease) -> new Lease(ttlSeconds, Math.max(lease.sinceNanos, askedNanos)));
    }

    private void expired(long id, long revision) {
        long now = clock.nanos();
        marks.see(Marks.Point.LEASE_EXPIRED);
        history.add(0, 0, now, new Request.LeaseRevoke(id), new Response.LeaseRevoke(revision));
        Lease lease = leases.remove(id);
        if (lease != null
                && (now - lease.sinceNanos) * RATE_MAX < lease.ttlSeconds * SECOND_NANOS) {
            throw new Violation("leases do not expire early",
                    "lease " + id + " of " + lease.ttlSeconds
                            + " s ended after " + (now - lease.sinceNanos) / SECOND_NANOS + " s");
        }
    }
}
