// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.wal.disk.MemoryDisk;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A member as the world has it: a machine with a disk, on which a process runs or not. */
final class Seat {
    private final long id;
    private final double rate;
    private final GroupStart how;
    private final List<Member> members;
    private MemoryDisk disk = new MemoryDisk();
    private MemoryBackend backend = new MemoryBackend();
    private @Nullable SimulatedMember process;
    private @Nullable Copy copy;
    private @Nullable Copy copyOfALoss;
    private int runs;
    private boolean retired;
    private long sickUntil;

    /** What a disk had, in one of the runs on it. */
    private record Copy(MemoryDisk disk, MemoryBackend backend, int run) {}

    /**
     * A machine with an empty disk.
     *
     * @param rate of its clock
     * @param how its process starts where the disk has nothing
     * @param members whom it is told of then
     */
    Seat(long id, double rate, GroupStart how, List<Member> members) {
        this.id = id;
        this.rate = rate;
        this.how = how;
        this.members = List.copyOf(members);
    }

    long id() {
        return id;
    }

    double rate() {
        return rate;
    }

    GroupStart how() {
        return how;
    }

    List<Member> members() {
        return members;
    }

    MemoryDisk disk() {
        return disk;
    }

    MemoryBackend backend() {
        return backend;
    }

    Optional<SimulatedMember> process() {
        return Optional.ofNullable(process);
    }

    void process(SimulatedMember started) {
        process = started;
        runs++;
    }

    /** The process is no more; what its store had not made durable is lost. */
    void ended() {
        process = null;
        backend = backend.afterCrash();
    }

    /** Keeps a copy of the disk. */
    void copy() {
        copy = new Copy(disk.copy(), backend.afterCrash(), runs);
    }

    boolean hasCopy() {
        return copy != null;
    }

    /** Whether its copy is of an earlier run, so that the others know of one that it does not. */
    boolean hasCopyOfAnEarlierRun() {
        return copy != null && copy.run() < runs;
    }

    /** Puts the copy in the disk's place. */
    void rollBack() {
        if (copy != null) {
            putBack(copy);
        }
    }

    private void putBack(Copy old) {
        disk = old.disk().copy();
        backend = old.backend().afterCrash();
    }

    /** Keeps a copy of the disk, on which the member remembers that it has lost something. */
    void copyOfALoss() {
        copyOfALoss = new Copy(disk.copy(), backend.afterCrash(), runs);
    }

    boolean hasCopyOfALoss() {
        return copyOfALoss != null;
    }

    /** Puts the copy of a loss in the disk's place. */
    void relapse() {
        if (copyOfALoss != null) {
            putBack(copyOfALoss);
            copyOfALoss = null;
        }
    }

    /** Puts an empty disk in the disk's place. */
    void wipe() {
        disk = new MemoryDisk();
        backend = new MemoryBackend();
        copy = null;
        copyOfALoss = null;
    }

    /** It is no member any more, and does not come back. */
    void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    /** It has lost something, and has recovered once it votes and has applied {@code index}, or anything at all. */
    void sickUntil(long index) {
        sickUntil = Math.max(sickUntil, Math.max(1, index));
    }

    /** Looks whether it has got back what it had lost: as long as its process runs, which may end at any time. */
    void look() {
        if (sickUntil > 0) {
            SimulatedMember running = process;
            if (running != null && running.node().status().votes()
                    && running.node().status().applied() >= sickUntil
                    && running.node().status().confState().voters().contains(id)) {
                sickUntil = 0;
            }
        }
    }

    /** Whether it has lost something that it has not got back. */
    boolean isSick() {
        look();
        return sickUntil > 0;
    }
}
