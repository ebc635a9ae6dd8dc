// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

/** The node was stopped before it got to this. */
public final class NodeStoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a text that says so. */
    public NodeStoppedException() {
        super("the node is stopped");
    }
}
