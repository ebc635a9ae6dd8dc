// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

/** A newer snapshot is already there (etcd raft: ErrSnapOutOfDate). */
public final class SnapshotOutOfDateException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the text that etcd's core has for it. */
    public SnapshotOutOfDateException() {
        super("requested index is older than the existing snapshot");
    }
}
