// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.Command;
import io.jangada.raftnode.StateMachine;
import io.jangada.raftnode.StateSnapshot;
import io.jangada.server.apply.ApplyResult;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The server's state machine, with the invariants told of all that it applies.
 *
 * @param member whose machine it is
 * @param machine that is watched
 * @param invariants told of it
 */
record WatchedMachine(long member, StateMachine<ApplyResult> machine, Invariants invariants)
        implements
            StateMachine<ApplyResult> {

    @Override
    public AppliedState recover() throws IOException {
        AppliedState at = machine.recover();
        invariants.began(member, at);
        return at;
    }

    @Override
    public void initialize(AppliedState first) throws IOException {
        machine.initialize(first);
        invariants.began(member, first);
    }

    @Override
    public List<ApplyResult> apply(List<Command> batch) {
        List<ApplyResult> results = machine.apply(batch);
        for (int i = 0; i < batch.size(); i++) {
            invariants.applied(member, batch.get(i), results.get(i));
        }
        return results;
    }

    @Override
    public void applyConfChange(EntryId id, ConfChange change, ConfState result) {
        machine.applyConfChange(id, change, result);
        invariants.changed(member, id, result);
    }

    @Override
    public StateSnapshot snapshot() {
        return machine.snapshot();
    }

    @Override
    public void restore(AppliedState at, InputStream in) throws IOException {
        machine.restore(at, in);
        invariants.began(member, at);
    }
}
