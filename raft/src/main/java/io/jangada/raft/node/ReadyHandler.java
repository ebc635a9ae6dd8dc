// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.Ready;

/** Does what the core asks for. */
@FunctionalInterface
public interface ReadyHandler {
    /**
     * Takes over {@code ready}; called on the node's loop, must not block. In synchronous mode the next
     * one comes only after {@link Node#advance}.
     */
    void handle(Ready ready);
}
