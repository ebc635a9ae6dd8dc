// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** A state machine in memory that remembers all commands in order; the result is their count. */
final class Journal implements StateMachine<Integer> {
    private final List<String> lines = new ArrayList<>();
    private AppliedState at = AppliedState.NONE;
    private int batches;
    /** What happens while the next snapshot is written. */
    private Runnable meanwhile = () -> {};

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    synchronized int batches() {
        return batches;
    }

    synchronized AppliedState at() {
        return at;
    }

    void whenNextWritten(Runnable happens) {
        meanwhile = happens;
    }

    @Override
    public AppliedState recover() {
        return AppliedState.NONE;
    }

    @Override
    public synchronized void initialize(AppliedState first) {
        at = first;
    }

    @Override
    public synchronized List<Integer> apply(List<Command> batch) {
        batches++;
        List<Integer> results = new ArrayList<>();
        for (Command command : batch) {
            lines.add(command.data().toUtf8());
            at = new AppliedState(command.id(), at.confState());
            results.add(lines.size());
        }
        return results;
    }

    @Override
    public synchronized void applyConfChange(EntryId id, ConfChange change, ConfState result) {
        at = new AppliedState(id, result);
    }

    @Override
    public synchronized StateSnapshot snapshot() {
        List<String> copy = List.copyOf(lines);
        AppliedState then = at;
        return new StateSnapshot() {
            @Override
            public AppliedState at() {
                return then;
            }

            @Override
            public boolean persist() {
                return false;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                DataOutputStream data = new DataOutputStream(out);
                data.writeInt(copy.size());
                for (String line : copy) {
                    data.writeUTF(line);
                }
                data.flush();
                Runnable happens = meanwhile;
                meanwhile = () -> {};
                happens.run();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public synchronized void restore(AppliedState state, InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        lines.clear();
        int count = data.readInt();
        for (int i = 0; i < count; i++) {
            lines.add(data.readUTF());
        }
        at = state;
    }

    static Bytes line(String text) {
        return Bytes.utf8(text);
    }
}
