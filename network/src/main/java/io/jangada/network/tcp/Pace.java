// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate that those who share it do not exceed together: each takes the time for its bytes, one after the
 * other, and waits until its turn. Time that nobody took is not made up for. Thread-safe.
 */
final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long bytesPerSecond;
    /** When the next may begin, in nanoseconds of the callers' clock; nothing before the first call. */
    private final AtomicLong freeNanos = new AtomicLong(Long.MIN_VALUE);

    /** With {@code bytesPerSecond}; 0 for no limit. */
    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Takes the time for {@code bytes}; answers how long to wait for it, in nanoseconds. */
    long reserve(long nowNanos, int bytes) {
        if (bytesPerSecond == 0) {
            return 0;
        }
        long costNanos = (long) Math.ceil(bytes * NANOS_PER_SECOND / bytesPerSecond);
        while (true) {
            long free = freeNanos.get();
            // Clocks of this kind may begin anywhere: only their differences mean something.
            long start = free == Long.MIN_VALUE || nowNanos - free > 0 ? nowNanos : free;
            if (freeNanos.compareAndSet(free, start + costNanos)) {
                return start - nowNanos;
            }
        }
    }
}
