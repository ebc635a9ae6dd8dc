// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Entry;
import java.util.List;

/**
 * Work for the state machine, in asynchronous storage mode (etcd raft: MsgStorageApply): apply the
 * entries in order, then step {@link #done()}. Immutable.
 *
 * @param entries committed and stable; at least one
 */
public record StorageApply(List<Entry> entries) {
    public StorageApply {
        entries = List.copyOf(entries);
    }

    /** What to step once the entries are applied. */
    public LocalEvent.StorageApplied done() {
        return new LocalEvent.StorageApplied(entries);
    }
}
