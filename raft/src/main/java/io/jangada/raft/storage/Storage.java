// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Snapshot;
import java.util.List;

/**
 * The stable log as the core asks for it; the application writes it (etcd raft: Storage). Called
 * only by the thread that steps the core, and never blocks.
 */
public interface Storage {

    /**
     * What a start begins with.
     *
     * @param hardState {@link HardState#EMPTY} if none was ever saved
     * @param confState the membership at the snapshot from which the log goes on
     */
    record InitialState(HardState hardState, ConfState confState) {}

    /** The saved hard state and the membership of the latest snapshot. */
    InitialState initialState();

    /**
     * The entries in [from, to), cut to the longest prefix whose {@link Entry#encodedBytes()} add up
     * to at most {@code bytesMax}, but never below one entry.
     *
     * @throws CompactedException if {@code from} is before {@link #firstIndex()}
     */
    List<Entry> entries(long from, long to, long bytesMax) throws CompactedException;

    /**
     * The term of the entry at {@code index}, which may be one before the first: the entry that the
     * snapshot ends with is gone, but its term is known.
     *
     * @throws CompactedException if {@code index} is before {@code firstIndex() - 1}
     * @throws UnavailableException if {@code index} is after {@link #lastIndex()}
     */
    long term(long index) throws CompactedException, UnavailableException;

    /** The index of the last entry, or of the snapshot if there are no entries. */
    long lastIndex();

    /** The index of the first entry that is still there, or would be. */
    long firstIndex();

    /**
     * A snapshot for a follower whose next entry is compacted.
     *
     * @throws SnapshotTemporarilyUnavailableException if it is being made; the core asks again later
     */
    Snapshot snapshot() throws SnapshotTemporarilyUnavailableException;
}
