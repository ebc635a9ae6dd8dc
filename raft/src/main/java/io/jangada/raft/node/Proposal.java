// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import org.jspecify.annotations.Nullable;

/**
 * A command, or a change of membership, on its way to the core, and whoever waits to hear what becomes of
 * it. Its methods are called on the loop, or, where it is refused at the door, on the thread that proposes;
 * they must not block and must not throw.
 */
public abstract class Proposal {
    private final Bytes data;
    private final @Nullable ConfChange change;

    /** A command. */
    protected Proposal(Bytes data) {
        this.data = data;
        this.change = null;
    }

    /** A change of membership. */
    protected Proposal(ConfChange change) {
        this.data = change.context();
        this.change = change;
    }

    /**
     * Whether it has not been withdrawn: asked just before the core takes it. Once this says no, the proposal
     * is forgotten, and {@link #proposed} is not called.
     */
    protected boolean isWanted() {
        return true;
    }

    /** Called once, with what became of it. */
    protected abstract void proposed(ProposeOutcome outcome);

    final Bytes data() {
        return data;
    }

    /** The change of membership; null if this is a command. */
    final @Nullable ConfChange change() {
        return change;
    }

    final int bytes() {
        return data.size();
    }
}
