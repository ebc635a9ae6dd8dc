// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.ConfState;
import io.jangada.raftnode.RaftStatus;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Does to the world what the scenario allows, one fault after the other, each of which passes. Of what is committed it
 * leaves one intact copy: at most one member at a time has lost what it had forced, until it has it again.
 */
final class Nemesis {
    /** By the kinds that {@link #partition} makes. */
    private static final List<Marks.Point> PARTITIONS = List.of(Marks.Point.PARTITION_OF_ALL,
            Marks.Point.PARTITION_FROM_ONE, Marks.Point.PARTITION_TO_ONE,
            Marks.Point.PARTITION_WITH_A_BRIDGE);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LOOKS_MAX = 200;

    private final World world;
    private final Chance chance;
    private final DiskDamage damage;
    private final List<Fault> faults;
    private final Upheaval upheaval;
    private final MemberChanges changes;
    private boolean over;

    Nemesis(World world) {
        this.world = world;
        chance = Chance.of(world.scenario().seed(), "nemesis");
        damage = new DiskDamage(world.trace(), chance);
        faults = List.copyOf(world.scenario().faults());
        upheaval = new Upheaval(world, chance);
        changes = new MemberChanges(world, chance);
    }

    /** Adds the scenario's learners, and begins. */
    void begin() {
        for (int i = 0; i < world.scenario().count(Size.LEARNERS); i++) {
            world.later(Duration.ofSeconds(2L + i), changes::addLearner);
        }
        if (!faults.isEmpty()) {
            next();
        }
    }

    /** Heals everything, for good. */
    void end() {
        over = true;
        upheaval.end();
        world.trace().tell("the world is at peace");
        world.wires().healForGood();
        world.forcesTake(0, Duration.ZERO);
        for (Seat seat : world.present()) {
            seat.disk().capacityBytes(Long.MAX_VALUE);
            seat.process().ifPresent(process -> process.loops().wake());
            world.start(seat);
        }
    }

    private void next() {
        Duration calm = world.scenario().calm();
        world.later(chance.span(World.SHORT, calm.multipliedBy(4)), () -> {
            if (!over) {
                strike(chance.oneOf(faults));
                next();
            }
        });
    }

    private void strike(Fault fault) {
        switch (fault) {
            case CRASH -> someone(fault, this::crash);
            case KILL -> someone(fault, seat -> {
                world.kill(seat);
                comeBack(seat);
            });
            case PAUSE -> someone(fault, this::pause);
            case PARTITION -> partition();
            case SLOW_DISK -> someone(fault, this::slow);
            case FAILED_DISK -> someone(fault, this::failDisk);
            case FULL_DISK -> someone(fault, this::fill);
            case DAMAGE -> lose(fault, seat -> damage.change(seat.disk()));
            case WIPE -> lose(fault, Seat::wipe);
            case ROLL_BACK -> rollBack();
            case RELAPSE -> relapse();
            case MEMBERSHIP -> changes.change();
            case TRANSFER -> upheaval.transfer();
            case CHURN -> upheaval.begin();
            case LOST_WRITE ->
                loseUnseen(fault, seat -> damage.loseWrites(seat.disk()), seat -> true);
            case MISDIRECTED_WRITE ->
                loseUnseen(fault, seat -> damage.misdirectWrites(seat.disk()), seat -> true);
            case READ_ERROR -> failReads(fault);
            case DELAY -> someone(fault, this::crawl);
            case LOSS, REPLAY, DRIFT -> {
            }
        }
    }

    private interface Blow {
        void strike(Seat seat);
    }

    private void someone(Fault fault, Blow blow) {
        List<Seat> running = world.running();
        if (!running.isEmpty()) {
            Seat anyone = chance.oneOf(running);
            boolean wantsLeader = chance.once(3);
            Seat seat = world.leader().filter(ignored -> wantsLeader)
                    .map(leader -> world.seats().get(leader.id())).orElse(anyone);
            world.marks().see(fault, target(seat));
            blow.strike(seat);
        }
    }

    /** What {@code seat} is to its leader, as far as that is known. */
    private Marks.Target target(Seat seat) {
        return world.leader().map(leader -> {
            if (leader.id() == seat.id()) {
                return Marks.Target.LEADER;
            }
            return confState(leader).learners().contains(seat.id())
                    ? Marks.Target.LEARNER
                    : Marks.Target.FOLLOWER;
        }).orElse(Marks.Target.FOLLOWER);
    }

    private static ConfState confState(SimulatedMember leader) {
        return leader.node().status().confState();
    }

    private boolean isJoint() {
        return world.leader().filter(leader -> confState(leader).isJoint()).isPresent();
    }

    private void comeBack(Seat seat) {
        world.later(chance.span(World.SHORT, World.LONG), () -> world.start(seat));
    }

    /** All that comes to a member, or all that it sends, takes about as long as elections do. */
    private void crawl(Seat seat) {
        int timeoutMillis = (int) world.scenario().electionTimeout().toMillis();
        Duration by = Duration.ofMillis(chance.once(2)
                ? chance.between(timeoutMillis / 2, timeoutMillis)
                : chance.between(timeoutMillis / 4, 3 * timeoutMillis));
        boolean comes = chance.once(2);
        world.trace().tell((comes ? "to" : "from") + " member " + seat.id()
                + " all takes " + by.toMillis() + " ms more");
        world.wires().crawl(seat.id(), comes, by);
        world.later(chance.span(World.SHORT, World.LONG),
                () -> world.wires().crawl(0, comes, Duration.ZERO));
    }

    private void crash(Seat seat) {
        if (isJoint()) {
            world.marks().see(Marks.Point.CRASH_WHILE_JOINT);
        }
        if (chance.once(3)) { // In the middle of what it writes.
            seat.disk().crashAt(seat.disk().operations() + chance.between(1, 20));
            world.later(Duration.ofMillis(chance.between(1, 200)),
                    () -> world.crashAndComeBack(seat));
        } else {
            world.crashAndComeBack(seat);
        }
    }

    private void pause(Seat seat) {
        SimulatedMember process = seat.process().orElseThrow();
        world.trace().tell("member " + seat.id() + " stands still");
        process.loops().pause();
        world.later(chance.span(World.SHORT, World.LONG), () -> {
            world.trace().tell("member " + seat.id() + " goes on");
            process.loops().wake();
        });
    }

    private void partition() {
        List<Seat> present = world.present();
        Seat one = chance.oneOf(present);
        Seat bridge = chance.oneOf(present);
        int kind = chance.between(0, 3);
        world.trace().tell("links are cut around " + one.id() + ", kind " + kind);
        world.marks().see(PARTITIONS.get(kind));
        if (isJoint()) {
            world.marks().see(Marks.Point.PARTITION_WHILE_JOINT);
        }
        for (Seat other : present) {
            if (other == one) {
                continue;
            }
            if (kind == 0 || kind == 1) {
                world.wires().cut(one.id(), other.id());
            }
            if (kind == 0 || kind == 2) {
                world.wires().cut(other.id(), one.id());
            }
            if (kind == 3 && other != bridge) { // All but the bridge see half of the others.
                present.stream()
                        .filter(third -> third != bridge && third.id() % 2 != other.id() % 2)
                        .forEach(third -> world.wires().cut(third.id(), other.id()));
            }
        }
        world.later(chance.span(World.SHORT, World.LONG), () -> {
            world.trace().tell("links are whole");
            world.wires().heal();
        });
    }

    private void slow(Seat seat) {
        Duration span = chance.span(Duration.ofMillis(1), Duration.ofSeconds(2));
        world.trace().tell("forces of member " + seat.id() + " take " + span);
        world.forcesTake(seat.id(), span);
        world.later(chance.span(World.SHORT, World.LONG), () -> world.forcesTake(0, Duration.ZERO));
        if (faults.contains(Fault.CRASH) && chance.once(3)) { // In the middle of a force, perhaps.
            world.later(chance.span(World.SHORT, span), () -> world.crashAndComeBack(seat));
        }
    }

    private void failDisk(Seat seat) {
        world.trace().tell("the disk of member " + seat.id() + " fails");
        if (chance.once(2)) {
            seat.disk().failForces(chance.between(1, 2));
        } else {
            seat.disk().failWrites(chance.between(1, 2));
        }
    }

    private void fill(Seat seat) {
        world.trace().tell("the disk of member " + seat.id() + " is full");
        seat.disk().capacityBytes(1);
        MemoryDisk disk = seat.disk();
        world.later(chance.span(World.SHORT, World.LONG), () -> disk.capacityBytes(Long.MAX_VALUE));
    }

    /** Takes something from a disk that had been forced, if that leaves a copy of everything. */
    private void lose(Fault fault, Blow blow) {
        lose(fault, blow, seat -> true);
    }

    private void lose(Fault fault, Blow blow, Predicate<Seat> whom) {
        List<Seat> members = world.present();
        boolean may = !changes.isOpen() && members.stream().noneMatch(Seat::isSick)
                && world.leader()
                        .filter(leads -> confState(leads).voters().size() >= 3
                                && !confState(leads).isJoint())
                        .isPresent();
        List<Seat> candidates = members.stream().filter(whom).toList();
        if (may && !candidates.isEmpty()) {
            Seat seat = chance.oneOf(candidates);
            if (seat.members().size() == 1) {
                return; // Told of nobody else, it would begin a cluster of its own, and be right.
            }
            world.marks().see(fault, target(seat));
            world.crash(seat, Tear.LOSE_ALL);
            world.trace().tell("member " + seat.id() + " loses something");
            seat.sickUntil(world.invariants().appliedMax());
            world.invariants().forgot(seat.id(), fault == Fault.DAMAGE);
            blow.strike(seat);
            comeBack(seat);
            if (faults.contains(Fault.RELAPSE)) {
                copyUnderRepair(seat, LOOKS_MAX);
            }
        }
    }

    /** Copies a disk while it says that something is lost, as soon as the others know that too. */
    private void copyUnderRepair(Seat seat, int looks) {
        if (looks > 0 && seat.isSick()) {
            if (seat.process().isPresent() && isLearner(seat)) {
                seat.copyOfALoss();
            } else {
                world.later(LOOK, () -> copyUnderRepair(seat, looks - 1));
            }
        }
    }

    /**
     * As {@link #lose}, of what was written last, or of a part of the present run: nothing on the disk tells of it. Who
     * only hears from peers that lagged, or that saw it promise nothing, goes on as if nothing were lost (ADR 5): so only
     * where all have the same.
     */
    private void loseUnseen(Fault fault, Blow blow, Predicate<Seat> whom) {
        Optional<RaftStatus> leader = world.leader().map(leads -> leads.node().status());
        boolean areEqual = leader.isPresent() && world.present().stream()
                .allMatch(seat -> seat.process().map(process -> process.node().status())
                        .filter(status -> status.term() == leader.get().term()
                                && status.leader() == leader.get().leader()
                                && status.last().equals(leader.get().last())
                                && status.applied() == leader.get().last().index())
                        .isPresent());
        if (areEqual) {
            lose(fault, blow, whom);
        }
    }

    /** For good, which is a loss; or once, as a process runs or as it comes back, which must not become one. */
    private void failReads(Fault fault) {
        switch (chance.between(0, 2)) {
            case 0 -> lose(fault, seat -> damage.breakSectors(seat.disk()));
            case 1 -> someone(fault, this::failRead);
            default -> someone(fault, seat -> {
                world.kill(seat);
                failRead(seat);
                comeBack(seat);
            });
        }
    }

    private void failRead(Seat seat) {
        world.trace().tell("the disk of member " + seat.id() + " fails a read");
        seat.disk().failReads(1);
    }

    private void rollBack() {
        Seat seat = chance.oneOf(world.present());
        if (seat.hasCopy() && chance.once(2)) {
            if (seat.hasCopyOfAnEarlierRun()) {
                lose(Fault.ROLL_BACK, Seat::rollBack, Seat::hasCopyOfAnEarlierRun);
            } else {
                loseUnseen(Fault.ROLL_BACK, Seat::rollBack, Seat::hasCopy);
            }
        } else {
            seat.copy();
        }
    }

    private void relapse() {
        lose(Fault.ROLL_BACK, seat -> {
            seat.relapse();
            world.invariants().relapsed(seat.id());
        }, Seat::hasCopyOfALoss);
    }

    private boolean isLearner(Seat seat) {
        return world.leader().filter(leads -> confState(leads).learners().contains(seat.id()))
                .isPresent();
    }
}
