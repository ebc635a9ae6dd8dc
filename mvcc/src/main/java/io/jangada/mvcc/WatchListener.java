// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/** The receiving end of a watcher. Called on the hub's loop; must neither block nor throw. */
public interface WatchListener {
    /**
     * Takes a batch, or declines it.
     *
     * @return whether it was taken. If not, the hub keeps nothing for this watcher and leaves it
     *     alone until {@link Watch#resume}; then it reads what was missed from history.
     */
    boolean offer(WatchBatch batch);

    /** What the watcher needs is compacted. It is over; nothing else will come. */
    void compacted(long compactRevision);
}
