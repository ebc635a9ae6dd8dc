// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

/** A change that cannot be made in the configuration in force; it has changed nothing. */
public final class ConfChangeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the text that etcd's core has for it. */
    ConfChangeException(String text) {
        super(text);
    }
}
