// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import java.util.random.RandomGenerator;

/** Pauses between attempts: doubling up to a limit, half of each random. Used by one thread. */
final class Backoff {
    private final long minMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private long nextMillis;

    Backoff(TcpLimits.Times times, RandomGenerator random) {
        this.minMillis = times.backoffMinMillis();
        this.maxMillis = times.backoffMaxMillis();
        this.random = random;
        this.nextMillis = minMillis;
    }

    /** The next pause. */
    long nextMillis() {
        long pause = nextMillis;
        nextMillis = Math.min(maxMillis, 2 * pause);
        return pause / 2 + random.nextLong(pause / 2 + 1);
    }

    /** It worked: begin again with the shortest. */
    void reset() {
        nextMillis = minMillis;
    }
}
