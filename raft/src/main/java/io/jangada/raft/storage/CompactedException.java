// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

/** The entries asked for are compacted away (etcd raft: ErrCompacted). */
public final class CompactedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the text that etcd's core has for it. */
    public CompactedException() {
        super("requested index is unavailable due to compaction");
    }
}
