// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/**
 * Bounds of a watch hub.
 *
 * @param history what one step of catching up reads
 * @param watchersPerStep how many watchers share one step
 * @param pendingEventsMax events waiting for the hub's loop beyond which all watchers catch up from
 *     history instead
 * @param pendingBytesMax the same in bytes of keys and values
 * @param batchBytesMax of a batch that a watcher is offered, in bytes of keys and values; a revision is
 *     never split, so that its last one may exceed it
 */
public record WatchLimits(HistoryLimits history, int watchersPerStep, int pendingEventsMax,
        long pendingBytesMax, long batchBytesMax) {

    /** etcd's steps of 1,000 revisions for 512 watchers; 20,000 events and 16 MiB in waiting; 64 KiB at once. */
    public static final WatchLimits DEFAULT = new WatchLimits(HistoryLimits.DEFAULT, 512, 20_000,
            16 << 20, 64 << 10);

    /** Checks the limits. */
    public WatchLimits {
        if (watchersPerStep < 1 || pendingEventsMax < 1 || pendingBytesMax < 1
                || batchBytesMax < 1) {
            throw new IllegalArgumentException("limits below 1: watchers " + watchersPerStep
                    + ", events " + pendingEventsMax + ", bytes " + pendingBytesMax + " and "
                    + batchBytesMax);
        }
    }
}
