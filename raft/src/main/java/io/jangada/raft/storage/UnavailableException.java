// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

/** The entries asked for are not in the log yet (etcd raft: ErrUnavailable). */
public final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the text that etcd's core has for it. */
    public UnavailableException() {
        super("requested entry at index is unavailable");
    }
}
