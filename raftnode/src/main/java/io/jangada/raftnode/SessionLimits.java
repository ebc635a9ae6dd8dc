// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.time.Duration;

/**
 * What is bounded in a session table. The same on all members, as it decides what is forgotten.
 * Immutable.
 *
 * @param countMax sessions; the one that was idle longest gives way to another
 * @param bytesMax responses kept, with 64 bytes for each and for each session; the sessions that were idle
 *     longest give way
 * @param idleMax how long a session lives without a proposal, by the times that proposals carry
 */
public record SessionLimits(int countMax, long bytesMax, Duration idleMax) {

    /** 10,000 sessions, 64 MiB, one hour. */
    public static final SessionLimits DEFAULT = new SessionLimits(10_000, 64L << 20,
            Duration.ofHours(1));

    public SessionLimits {
        if (countMax < 1 || bytesMax < 1 || idleMax.toMillis() < 1) {
            throw new IllegalArgumentException("limits below 1: countMax " + countMax
                    + ", bytesMax " + bytesMax + ", idleMax " + idleMax);
        }
    }
}
