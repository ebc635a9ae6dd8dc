// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

/**
 * The state machine's state at an index, which stands for the log up to there (Raft thesis 5).
 * Immutable.
 *
 * @param id the last entry that the state includes
 * @param confState the membership at that entry
 * @param data the state itself; empty where the application moves it outside of the core, as
 *     RaftNode does, which streams it
 */
public record Snapshot(EntryId id, ConfState confState, Bytes data) {

    /** No snapshot: index 0. */
    public static final Snapshot EMPTY = new Snapshot(EntryId.ZERO, ConfState.EMPTY, Bytes.EMPTY);

    /** Whether this is no snapshot. */
    public boolean isEmpty() {
        return id.index() == 0;
    }

    /** The index of the last entry that the state includes. */
    public long index() {
        return id.index();
    }

    /** The term of the last entry that the state includes. */
    public long term() {
        return id.term();
    }
}
