// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The leader's deadlines of leases. Only advice: a lease ends when its revocation is applied.
 *
 * <p>Owned by one loop. Time is an argument, in nanoseconds of any clock that never goes back. A
 * clock that is not {@linkplain #promote promoted} knows no deadlines and answers nothing.
 */
public final class LeaseClock {
    private final long retryNanos;
    private final Map<Long, Deadline> byId = new HashMap<>();
    private final NavigableSet<Deadline> byTime = new TreeSet<>();
    private boolean leading;

    private record Deadline(long nanos, long id, long ttlSeconds, boolean isExpired)
            implements
                Comparable<Deadline> {
        @Override
        public int compareTo(Deadline that) {
            int byNanos = Long.compare(nanos, that.nanos);
            return byNanos != 0 ? byNanos : Long.compareUnsigned(id, that.id);
        }
    }

    /**
     * A clock that is not promoted.
     *
     * @param retryNanos how long after an expiry was reported it is reported again, if the lease is
     *     still there
     */
    public LeaseClock(long retryNanos) {
        if (retryNanos < 1) {
            throw new IllegalArgumentException("retry after " + retryNanos + " ns");
        }
        this.retryNanos = retryNanos;
    }

    /**
     * Starts all leases anew, as a leader does that cannot know of the renewals before it.
     *
     * @param extendNanos what each gets on top, for the time without a leader
     */
    public void promote(Collection<Lease> leases, long nowNanos, long extendNanos) {
        demote();
        leading = true;
        for (Lease lease : leases) {
            long seconds = lease.remainingSeconds() > 0
                    ? lease.remainingSeconds()
                    : lease.ttlSeconds();
            set(new Deadline(nowNanos + extendNanos + TimeUnit.SECONDS.toNanos(seconds),
                    lease.id(), lease.ttlSeconds(), false));
        }
    }

    /** Forgets all deadlines. */
    public void demote() {
        leading = false;
        byId.clear();
        byTime.clear();
    }

    /** Whether it is promoted. */
    public boolean isLeading() {
        return leading;
    }

    /** A lease was granted. */
    public void granted(long id, long ttlSeconds, long nowNanos) {
        if (leading) {
            set(new Deadline(nowNanos + TimeUnit.SECONDS.toNanos(ttlSeconds), id, ttlSeconds,
                    false));
        }
    }

    /** A lease was revoked. */
    public void revoked(long id) {
        Deadline deadline = byId.remove(id);
        if (deadline != null) {
            byTime.remove(deadline);
        }
    }

    /**
     * Renews a lease.
     *
     * @return its time to live in seconds; empty if there is none, or it was reported expired
     */
    public OptionalLong renew(long id, long nowNanos) {
        Deadline deadline = byId.get(id);
        if (deadline == null || deadline.isExpired) {
            return OptionalLong.empty();
        }
        granted(id, deadline.ttlSeconds, nowNanos);
        return OptionalLong.of(deadline.ttlSeconds);
    }

    /** Nanoseconds until a lease expires, at least 0; empty if there is no such lease. */
    public OptionalLong remainingNanos(long id, long nowNanos) {
        Deadline deadline = byId.get(id);
        if (deadline == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(deadline.isExpired ? 0 : Math.max(0, deadline.nanos - nowNanos));
    }

    /**
     * Reports leases whose time is over, at most {@code countMax}, the longest overdue first. They
     * cannot be renewed any more, and are reported again after a while until they are revoked.
     */
    public List<Long> expired(long nowNanos, int countMax) {
        List<Long> ids = new ArrayList<>();
        while (ids.size() < countMax && !byTime.isEmpty() && byTime.first().nanos <= nowNanos) {
            Deadline due = byTime.first();
            ids.add(due.id);
            set(new Deadline(nowNanos + retryNanos, due.id, due.ttlSeconds, true));
        }
        return ids;
    }

    /** When {@link #expired} will next have something to report; empty if never. */
    public OptionalLong nextDeadlineNanos() {
        return byTime.isEmpty() ? OptionalLong.empty() : OptionalLong.of(byTime.first().nanos);
    }

    private void set(Deadline deadline) {
        revoked(deadline.id);
        byId.put(deadline.id, deadline);
        byTime.add(deadline);
    }
}
