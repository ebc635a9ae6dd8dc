// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/**
 * How much history one step reads. A revision is never split, so that the last one may exceed it.
 *
 * @param revisionsMax most revisions
 * @param bytesMax most bytes of keys and values
 */
public record HistoryLimits(int revisionsMax, long bytesMax) {
    /** etcd's 1,000 revisions, and 4 MiB. */
    public static final HistoryLimits DEFAULT = new HistoryLimits(1000, 4 << 20);

    /** Checks the limits. */
    public HistoryLimits {
        if (revisionsMax < 1 || bytesMax < 1) {
            throw new IllegalArgumentException(
                    "limits below 1: revisions " + revisionsMax + ", bytes " + bytesMax);
        }
    }
}
