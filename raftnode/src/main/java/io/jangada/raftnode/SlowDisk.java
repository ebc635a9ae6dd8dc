// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Looks at each tick how long the present force of the log has taken, from outside the loop that waits
 * for it: a disk that hangs is seen while it hangs. Told once for each force. Belongs to the node loop.
 */
final class SlowDisk {
    /** From here on a force is slow: a leader's heartbeats come five times as often. */
    static final long SLOW_NANOS = Duration.ofMillis(500).toNanos();

    private static final Logger LOGGER = System.getLogger(RaftNode.class.getName());

    private final LongSupplier forcingNanos;
    private final LongConsumer slow;
    private boolean told;

    /**
     * For one group.
     *
     * @param forcingNanos how long the present force has taken; 0 if there is none
     * @param slow told how long a slow one has taken
     */
    SlowDisk(LongSupplier forcingNanos, LongConsumer slow) {
        this.forcingNanos = forcingNanos;
        this.slow = slow;
    }

    /** To be called at each tick. */
    void look() {
        long nanos = forcingNanos.getAsLong();
        if (nanos < SLOW_NANOS) {
            told = false;
        } else if (!told) {
            told = true;
            LOGGER.log(Level.WARNING, "the disk is slow: a force of the log takes millis={0}",
                    Duration.ofNanos(nanos).toMillis());
            slow.accept(nanos);
        }
    }
}
