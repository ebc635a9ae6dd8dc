// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;

/**
 * A state that fits into memory, and into one array of bytes: the least that a replicated state machine
 * is made of. {@link MemoryStateMachine} does the rest. Used by one thread at a time, the group's apply
 * loop once it runs; queries ({@link RaftNode#read(Consistency, java.util.function.Supplier)}) run there
 * too.
 *
 * @param <R> what a command results in
 */
public interface MemoryState<R> {

    /**
     * Applies {@code command}: a pure function of state and command, the same on all members. A command
     * that makes no sense has a result that says so.
     */
    R apply(Bytes command);

    /** The state in bytes. */
    Bytes save();

    /** Replaces the state by what {@link #save} gave on some member. */
    void load(Bytes saved);
}
