// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.time.Duration;

/**
 * How fast compacted history is removed. Immutable.
 *
 * @param rowsMax in one step, at least 1
 * @param pause between two steps
 */
public record CompactionPace(int rowsMax, Duration pause) {
    /** etcd's: 1,000 rows, 10 ms. */
    public static final CompactionPace DEFAULT = new CompactionPace(1_000, Duration.ofMillis(10));

    public CompactionPace {
        if (rowsMax < 1 || pause.isNegative()) {
            throw new IllegalArgumentException("rows " + rowsMax + ", pause " + pause);
        }
    }

    /**
     * Reads etcd's flags, in which 0 is the default.
     *
     * @throws ConfigException if there are fewer than 0 rows
     */
    static CompactionPace of(int batchLimit, Duration sleepInterval) throws ConfigException {
        if (batchLimit < 0) {
            throw new ConfigException("--compaction-batch-limit is " + batchLimit + ", below 0");
        }
        return new CompactionPace(batchLimit == 0 ? DEFAULT.rowsMax : batchLimit,
                sleepInterval.isZero() ? DEFAULT.pause : sleepInterval);
    }
}
