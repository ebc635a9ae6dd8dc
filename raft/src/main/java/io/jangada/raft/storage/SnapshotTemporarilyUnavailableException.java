// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

/** The snapshot is being made; asking again later helps (etcd raft: ErrSnapshotTemporarilyUnavailable). */
public final class SnapshotTemporarilyUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the text that etcd's core has for it. */
    public SnapshotTemporarilyUnavailableException() {
        super("snapshot is temporarily unavailable");
    }
}
