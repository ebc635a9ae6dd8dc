// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/**
 * A leader's hand-over to another member (Raft thesis 3.10). Has its own clock of ticks, so that
 * transfers, repeated as they may be, do not postpone check-quorum (in etcd raft they do). Owned by the
 * core's thread.
 */
final class LeaderTransfer {
    private long target;
    private int elapsedTicks;
    private boolean timeoutNowSent;

    /** The member that shall lead; 0 if there is no transfer. */
    long target() {
        return target;
    }

    boolean isPending() {
        return target != 0;
    }

    /** Whether some member was ever told to campaign, whatever lease this leader believes in. */
    boolean hasGivenLeaseAway() {
        return timeoutNowSent;
    }

    void start(long to) {
        target = to;
        elapsedTicks = 0;
    }

    void timeoutNowIsSent() {
        timeoutNowSent = true;
    }

    void abort() {
        target = 0;
    }

    /** One tick has passed. Whether the transfer has taken {@code timeoutTicks} and is to be given up. */
    boolean isOverAtTick(int timeoutTicks) {
        elapsedTicks++;
        return isPending() && elapsedTicks >= timeoutTicks;
    }
}
