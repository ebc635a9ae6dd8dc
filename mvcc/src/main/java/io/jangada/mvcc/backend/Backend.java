// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

/**
 * Ordered key-value storage with a few tables, atomic batches and consistent snapshots.
 *
 * <p>One thread writes; {@link #snapshot}, {@link #persist} and what is marked so may be asked from any
 * thread. What {@link #write} did is visible at once and atomic across tables also after a crash,
 * but survives a crash for sure only once {@link #persist} returned: the log in front of the store
 * replays the rest.
 */
public interface Backend extends AutoCloseable {
    /**
     * The state as of now, immutable. Cheap; must be closed.
     *
     * @throws IllegalStateException if the backend is closed
     */
    BackendSnapshot snapshot();

    /**
     * Applies all changes of {@code batch}, or none.
     *
     * @throws BackendException if the storage failed; the owner stops
     */
    void write(Batch batch);

    /** Removes every row of every table. Not atomic after a crash. */
    void clear();

    /**
     * Returns once everything written before the call survives a crash. Blocks.
     *
     * @throws BackendException if the storage failed; the owner stops
     */
    void persist();

    /**
     * Gives back what rows take that are no more, as far as it can, and {@link #measure}s. Blocks, for as long as
     * it takes to write everything anew; reads and writes go on meanwhile. Any thread; returns early if the
     * backend is closed.
     *
     * @throws BackendException if the storage failed; nothing is lost
     */
    void defragment();

    /** Looks how large it is now. Takes about as long as a small read. Any thread. */
    void measure();

    /** Bytes taken, stale rows included. An estimate that trails writes a little, until {@link #measure}. Any thread. */
    long sizeBytes();

    /** Bytes of rows that count, out of {@link #sizeBytes}. An estimate. Any thread. */
    long sizeInUseBytes();

    /** Refuses further calls; resources go once the last snapshot is closed. Idempotent. */
    @Override
    void close();
}
