// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;

/**
 * A statement in the log that the state up to an entry is durable elsewhere, so that recovery begins
 * after it. Immutable.
 *
 * @param id the last entry that the state includes
 * @param confState the membership at that entry
 */
public record SnapshotMark(EntryId id, ConfState confState) {
    /** Before the first entry, with no members. */
    public static final SnapshotMark NONE = new SnapshotMark(EntryId.ZERO, ConfState.EMPTY);

    /** The index of the last entry that the state includes. */
    public long index() {
        return id.index();
    }
}
