// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

import io.jangada.raft.model.Snapshot;

/** Where a storage gets the snapshot that the core sends to a lagging follower. */
@FunctionalInterface
public interface SnapshotSource {
    /**
     * A snapshot of at least the storage's first index minus one. Called by the thread that steps the
     * core; never blocks.
     *
     * @throws SnapshotTemporarilyUnavailableException if it is being made; the core asks again later
     */
    Snapshot snapshot() throws SnapshotTemporarilyUnavailableException;
}
