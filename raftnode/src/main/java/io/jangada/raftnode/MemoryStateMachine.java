// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The state machine of a {@link MemoryState}: knows how far it is, and writes and reads its snapshots.
 * Saving happens on the apply loop, between two batches, and so should take milliseconds; a larger state
 * implements {@link StateMachine} itself and is written out in the background.
 *
 * <p>Threads: as {@link StateMachine} says.
 *
 * @param <R> what a command results in
 */
public final class MemoryStateMachine<R> implements StateMachine<R> {
    private final MemoryState<R> state;
    private AppliedState at = AppliedState.NONE;

    /** Around {@code state}, which is as it is before the first command. */
    public MemoryStateMachine(MemoryState<R> state) {
        this.state = state;
    }

    @Override
    public AppliedState recover() {
        return AppliedState.NONE;
    }

    @Override
    public void initialize(AppliedState first) {
        at = first;
    }

    @Override
    public List<R> apply(List<Command> batch) {
        List<R> results = new ArrayList<>(batch.size());
        for (Command command : batch) {
            results.add(state.apply(command.data()));
        }
        if (!batch.isEmpty()) {
            at = new AppliedState(batch.getLast().id(), at.confState());
        }
        return results;
    }

    @Override
    public void applyConfChange(EntryId id, ConfChange change, ConfState result) {
        at = new AppliedState(id, result);
    }

    @Override
    public StateSnapshot snapshot() {
        return new Saved(at, state.save());
    }

    @Override
    public void restore(AppliedState restored, InputStream in) throws IOException {
        state.load(Bytes.wrap(in.readAllBytes()));
        at = restored;
    }

    private record Saved(AppliedState at, Bytes bytes) implements StateSnapshot {
        @Override
        public boolean persist() {
            return false;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes.toByteArray());
        }

        @Override
        public void close() {}
    }
}
