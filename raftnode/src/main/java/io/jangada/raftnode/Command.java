// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;

/**
 * A committed proposal. Immutable.
 *
 * @param term the term of its place in the log
 * @param index its place in the log; indexes rise, with gaps where the log holds entries of Raft's own
 * @param data what was proposed
 */
public record Command(long term, long index, Bytes data) {

    /** A command at {@code id}. */
    public Command(EntryId id, Bytes data) {
        this(id.term(), id.index(), data);
    }

    /** Its place in the log. */
    public EntryId id() {
        return new EntryId(term, index);
    }
}
