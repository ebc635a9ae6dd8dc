// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is explored. All members start with empty logs.
 *
 * @param voters who votes at the start, of the members 1, 2 and 3
 * @param change the one change of membership that a leader may propose
 * @param disk whether a member may go on while its disk writes
 * @param limits how far it goes
 * @param fault what is broken on purpose
 */
record Scope(ConfState voters, Optional<ConfChange> change, Disk disk, Limits limits,
        Supplier<Fault> fault) {

    static final int MEMBERS = 3;

    /** When writes are done. */
    enum Disk {
        /** What is handed out is written before the next input; only a crash comes before. */
        FAST,
        /** A write is a step of its own, with other inputs before it. */
        SLOW
    }

    /**
     * How far it goes.
     *
     * @param terms nobody campaigns for a higher one
     * @param entries nothing is proposed by a leader whose log is as long
     * @param crashes how many times members crash
     * @param heartbeats how many times leaders send heartbeats
     */
    record Limits(int terms, int entries, int crashes, int heartbeats) {}

    static Scope ofVoters(Long... voters) {
        return new Scope(ConfState.ofVoters(List.of(voters)), Optional.empty(), Disk.FAST,
                new Limits(3, 3, 1, 1), () -> Fault.NONE);
    }

    Scope changing(ConfChange proposed) {
        return new Scope(voters, Optional.of(proposed), disk, limits, fault);
    }

    Scope slowDisk() {
        return new Scope(voters, change, Disk.SLOW, limits, fault);
    }

    Scope within(Limits other) {
        return new Scope(voters, change, disk, other, fault);
    }

    Scope broken(Supplier<Fault> by) {
        return new Scope(voters, change, disk, limits, by);
    }
}
