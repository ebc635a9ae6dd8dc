// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.Clock;
import io.jangada.raftnode.Command;
import io.jangada.raftnode.StateMachine;
import io.jangada.raftnode.StateSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures a machine from outside, which itself knows no time, and warns of batches that take long.
 * Threads: as the machine's.
 *
 * @param machine does the work
 * @param clock measures it
 * @param expected beyond this an operator should know
 * @param slow called for each batch that took longer
 */
public record TimedMachine<R>(StateMachine<R> machine, Clock clock, Duration expected,
        Runnable slow) implements StateMachine<R> {

    private static final Logger LOGGER = LoggerFactory.getLogger(TimedMachine.class);

    @Override
    public List<R> apply(List<Command> batch) {
        long startNanos = clock.nanos();
        List<R> results = machine.apply(batch);
        Duration took = Duration.ofNanos(clock.nanos() - startNanos);
        if (took.compareTo(expected) > 0) {
            slow.run();
            LOGGER.warn("apply request took too long took={}ms expected-duration={}ms"
                    + " requests={} last-index={}", took.toMillis(), expected.toMillis(),
                    batch.size(), batch.getLast().id().index());
        }
        return results;
    }

    @Override
    public AppliedState recover() throws IOException {
        return machine.recover();
    }

    @Override
    public void initialize(AppliedState first) throws IOException {
        machine.initialize(first);
    }

    @Override
    public void applyConfChange(EntryId id, ConfChange change, ConfState result) {
        machine.applyConfChange(id, change, result);
    }

    @Override
    public StateSnapshot snapshot() {
        return machine.snapshot();
    }

    @Override
    public void restore(AppliedState at, InputStream in) throws IOException {
        machine.restore(at, in);
    }
}
