// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/**
 * Who may rely on whom for how long, by each member's own clock (Raft thesis 6.4.1). Used in lease mode
 * with a promise above 0; else nobody promises, and no lease ever holds. Owned by the core's thread.
 *
 * <p>The core has no clock: it is told the time, in nanoseconds from any origin, which was read
 * <em>after</em> all that is stepped next had arrived. Two rules, one for each side:
 *
 * <ol>
 * <li>Who hears the leader promises not to vote and not to campaign for {@code promiseNanos}. The
 * promise runs from the time told when the leader's message is stepped; who has just started
 * promises too, for it may have forgotten what it promised before.
 * <li>The leader's lease runs from the time told before it sent the heartbeats that a quorum of the
 * configuration in force has echoed, for {@code promiseNanos} less the drift.
 * </ol>
 *
 * <p>Why a lease read is linearizable: let the leader send at s, a voter hear at h, and the read be
 * taken at r, all in real time. The lease starts at a reading from before s, and h is after s. The
 * voter's promise starts at a reading from before h only if the reading is older than the message,
 * which rule 1 excludes, and so it ends after s + promise by the voter's clock. The reading that
 * the read is checked against is from after the read arrived, so that the lease, if it holds, held
 * at some instant at or after the read's beginning. While clocks' rates differ by less than the drift,
 * that instant is before any voter of the quorum is free. So no other leader had committed anything
 * by then, and what this one has committed is all there is.
 *
 * <p>Why a pause does not stretch it: no ticks are counted here. A leader that was stopped, at whatever
 * point, is told the time after each read has come, and finds its lease over; a read it had taken
 * before the pause is answered late, but from a state that was the latest when it came. A voter that was
 * stopped promises for longer, not for less. Without being told the time a member neither holds a
 * lease nor votes.
 *
 * <p>Why changes of membership do not break it: the lease is given up when one comes into force, and
 * the quorums of a configuration overlap with those of the one before and the one after.
 */
final class Lease {
    private final boolean used;
    private final long promiseNanos;
    private final long leaseNanos;
    private boolean timeKnown;
    private long nowNanos;
    private long promiseStartNanos;

    Lease(RaftConfig config) {
        used = config.usesLease();
        promiseNanos = config.leasePromiseNanos();
        leaseNanos = promiseNanos / 100 * (100 - config.leaseDriftPercent());
    }

    boolean isUsed() {
        return used;
    }

    /** The time now; one that is earlier than the last does not count. */
    void timeIs(long nanos) {
        if (!timeKnown) {
            timeKnown = true;
            nowNanos = nanos;
            promiseStartNanos = nanos;
        } else if (nanos - nowNanos > 0) {
            nowNanos = nanos;
        }
    }

    /** The time last told. */
    long nowNanos() {
        return nowNanos;
    }

    /** This term's leader was heard: the promise begins anew. */
    void heardLeader() {
        promiseStartNanos = nowNanos;
    }

    /** Whether this member must neither vote nor campaign, unless the leader itself asks for it. */
    boolean isPromised() {
        return used && (!timeKnown || nowNanos - promiseStartNanos < promiseNanos);
    }

    /** Whether a lease that began at {@code startNanos} has not run out. */
    boolean holds(long startNanos) {
        return used && timeKnown && nowNanos - startNanos < leaseNanos;
    }
}
