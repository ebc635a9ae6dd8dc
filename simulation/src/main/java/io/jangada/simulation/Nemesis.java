// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.MessageLite;
import io.jangada.checker.history.Request;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raftnode.ChangeResult;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.Membership;
import io.jangada.raftnode.RaftStatus;
import io.jangada.raftnode.TransferResult;
import io.jangada.server.auth.Caller;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Does to the world what the scenario allows, one fault after the other, each of which passes. Of what is committed it
 * leaves one intact copy: at most one member at a time has lost what it had forced, until it has it again.
 */
final class Nemesis {
    private static final int MEMBERS_MAX = 9;
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(8);
    /** By the kinds that {@link #partition} makes. */
    private static final List<Marks.Point> PARTITIONS = List.of(Marks.Point.PARTITION_OF_ALL,
            Marks.Point.PARTITION_FROM_ONE, Marks.Point.PARTITION_TO_ONE,
            Marks.Point.PARTITION_WITH_A_BRIDGE);
    /** How many leaders in a row are cut off, at the most. */
    private static final int CHURN_MAX = 8;
    private static final int BURDEN_MAX = 30;
    private static final long NO_LEASE = 1;
    private static final LocalMember.Answer UNHEARD = new LocalMember.Answer() {
        @Override
        public void done(MessageLite response, long revision) {}

        @Override
        public void failed(EtcdError error) {}
    };
    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    private final World world;
    private final Chance chance;
    private final DiskDamage damage;
    private final List<Fault> faults;
    private long lastId;
    private boolean over;

    Nemesis(World world) {
        this.world = world;
        chance = Chance.of(world.scenario().seed(), "nemesis");
        damage = new DiskDamage(world.trace(), chance);
        faults = List.copyOf(world.scenario().faults());
        lastId = world.scenario().count(Size.VOTERS);
        world.whenLeads(this::hurry);
    }

    /** Adds the scenario's learners, and begins. */
    void begin() {
        for (int i = 0; i < world.scenario().count(Size.LEARNERS); i++) {
            world.later(Duration.ofSeconds(2L + i), this::addLearner);
        }
        if (!faults.isEmpty()) {
            next();
        }
    }

    /** Heals everything, for good. */
    void end() {
        over = true;
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
        world.later(chance.span(SHORT, calm.multipliedBy(4)), () -> {
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
            case MEMBERSHIP -> changeMembers();
            case TRANSFER -> transfer();
            case CHURN -> churn(chance.between(1, CHURN_MAX));
            case LOST_WRITE -> loseUnseen(fault, seat -> damage.loseWrites(seat.disk()));
            case MISDIRECTED_WRITE ->
                loseUnseen(fault, seat -> damage.misdirectWrites(seat.disk()));
            case READ_ERROR -> failReads(fault);
            case LOSS, REPLAY, DELAY, DRIFT -> {
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
        world.later(chance.span(SHORT, LONG), () -> world.start(seat));
    }

    private void crash(Seat seat) {
        if (isJoint()) {
            world.marks().see(Marks.Point.CRASH_WHILE_JOINT);
        }
        if (chance.once(3)) { // In the middle of what it writes.
            seat.disk().crashAt(seat.disk().operations() + chance.between(1, 20));
            world.later(Duration.ofMillis(chance.between(1, 200)), () -> finish(seat));
        } else {
            finish(seat);
        }
    }

    private void finish(Seat seat) {
        if (seat.process().isPresent()) {
            world.crash(seat, Tear.random(chance.generator()));
            if (chance.once(4)) {
                seat.disk().crashAt(seat.disk().operations() + chance.between(1, 40));
            }
            comeBack(seat);
        }
    }

    private void pause(Seat seat) {
        SimulatedMember process = seat.process().orElseThrow();
        world.trace().tell("member " + seat.id() + " stands still");
        process.loops().pause();
        world.later(chance.span(SHORT, LONG), () -> {
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
        world.later(chance.span(SHORT, LONG), () -> {
            world.trace().tell("links are whole");
            world.wires().heal();
        });
    }

    /* Whoever is back has entries that nobody else has, or a few have; its successor had little time. */
    private void churn(int rounds) {
        world.wires().heal();
        Optional<SimulatedMember> leader = world.leader();
        if (over || rounds == 0 || leader.isEmpty()) {
            return;
        }
        long id = leader.get().id();
        burden(leader.get());
        List<Seat> others = new ArrayList<>(world.present());
        List<Seat> deposed = others.stream().filter(seat -> seat.id() == id).toList();
        others.removeAll(deposed);
        int kept = chance.between(0, Math.max(0, (others.size() - 1) / 2));
        world.trace().tell("leader " + id + " is cut off from all but " + kept);
        world.marks().see(Marks.Point.LEADER_CUT_OFF);
        while (others.size() > kept) {
            Seat other = chance.oneOf(others);
            others.remove(other);
            world.wires().cut(id, other.id());
            world.wires().cut(other.id(), id);
        }
        Duration timeout = world.scenario().options().tick()
                .multipliedBy(world.scenario().options().electionTicks());
        world.later(timeout.plus(chance.span(SHORT, timeout.multipliedBy(3))),
                () -> {
                    churn(rounds - 1);
                    if (faults.contains(Fault.CRASH) && chance.once(3)) {
                        world.later(chance.span(SHORT, timeout),
                                () -> deposed.forEach(this::finish));
                    }
                });
    }

    /** Asks a leader for what changes nothing, so that it is left with entries that others lack. */
    private void burden(SimulatedMember leader) {
        Request nothing = new Request.LeaseRevoke(NO_LEASE);
        for (int i = chance.between(0, BURDEN_MAX); i > 0; i--) {
            leader.member().propose(Caller.MEMBER, Translation.proposal(nothing), UNHEARD);
        }
        hurry(leader);
    }

    /** Asks who leads, at once, for a change of members that changes none. */
    private void hurry(SimulatedMember leader) {
        if (!over && faults.contains(Fault.CHURN) && faults.contains(Fault.MEMBERSHIP)
                && chance.once(2)) {
            var unused = leader.node().changeMembership(new ConfChange.V2(
                    ConfChangeTransition.AUTO,
                    List.of(new ConfChangeSingle(ConfChangeType.ADD_NODE, leader.id())),
                    Bytes.EMPTY));
        }
    }

    private void slow(Seat seat) {

        Duration span = chance.span(Duration.ofMillis(1), Duration.ofSeconds(2));
        world.trace().tell("forces of member " + seat.id() + " take " + span);
        world.forcesTake(seat.id(), span);
        world.later(chance.span(SHORT, LONG), () -> world.forcesTake(0, Duration.ZERO));
        if (faults.contains(Fault.CRASH) && chance.once(3)) { // In the middle of a force, perhaps.
            world.later(chance.span(SHORT, span), () -> finish(seat));
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
        world.later(chance.span(SHORT, LONG), () -> disk.capacityBytes(Long.MAX_VALUE));
    }

    /** Takes something from a disk that had been forced, if that leaves a copy of everything. */
    private void lose(Fault fault, Blow blow) {
        lose(fault, blow, seat -> true);
    }

    private void lose(Fault fault, Blow blow, Predicate<Seat> whom) {
        List<Seat> members = world.present();
        boolean may = members.stream().noneMatch(Seat::isSick) && world.leader()
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
        }
    }

    /**
     * As {@link #lose}, of what was written last: nothing on the disk tells of it. Who only hears from peers that
     * lagged, or that saw it promise nothing, goes on as if nothing were lost (ADR 5): so only where all have the same.
     */
    private void loseUnseen(Fault fault, Blow blow) {
        Optional<RaftStatus> leader = world.leader().map(leads -> leads.node().status());
        boolean areEqual = leader.isPresent() && world.present().stream()
                .allMatch(seat -> seat.process().map(process -> process.node().status())
                        .filter(status -> status.term() == leader.get().term()
                                && status.leader() == leader.get().leader()
                                && status.last().equals(leader.get().last())
                                && status.applied() == leader.get().last().index())
                        .isPresent());
        if (areEqual) {
            lose(fault, blow);
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
            lose(Fault.ROLL_BACK, chosen -> {
                if (chosen.hasCopy()) {
                    chosen.rollBack();
                }
            });
        } else {
            seat.copy();
        }
    }

    private void relapse() {
        for (Seat seat : world.running()) {
            if (seat.isSick() && isLearner(seat)) {
                seat.copyOfALoss();
            }
        }
        lose(Fault.ROLL_BACK, seat -> {
            if (seat.hasCopyOfALoss()) {
                seat.relapse();
                world.invariants().relapsed(seat.id());
            }
        }, Seat::hasCopyOfALoss);
    }

    private boolean isLearner(Seat seat) {
        return world.leader().filter(leads -> confState(leads).learners().contains(seat.id()))
                .isPresent();
    }

    // Members.

    private void transfer() {
        world.leader().ifPresent(leader -> {
            Seat to = chance.oneOf(world.present());
            world.trace().tell("member " + leader.id() + " is to hand over to " + to.id());
            var unused = leader.node().transferLeadership(to.id())
                    .thenAccept(result -> world.marks().see(switch (result) {
                        case TransferResult.Transferred ignored -> Marks.Point.HANDED_OVER;
                        case TransferResult.Refused ignored -> Marks.Point.HAND_OVER_REFUSED;
                        case TransferResult.TimedOut ignored -> Marks.Point.HAND_OVER_TOO_LATE;
                    }));
        });
    }

    private Member newMember() {
        return new Member(++lastId, List.of());
    }

    private void addLearner() {
        world.leader().ifPresent(leader -> {
            Member member = newMember();
            join(member);
            told(Marks.Change.ADD_LEARNER, "add learner " + member.id(),
                    leader.node().membership().addLearner(member));
        });
    }

    private void join(Member member) {
        List<Member> all = new ArrayList<>();
        world.present().forEach(seat -> all.add(new Member(seat.id(), List.of())));
        all.add(member);
        all.sort(Comparator.comparingLong(Member::id));
        Seat seat = world.sit(member.id(), GroupStart.JOIN, all);
        world.later(chance.span(SHORT, Duration.ofSeconds(2)), () -> world.start(seat));
    }

    private void changeMembers() {
        world.leader().ifPresent(leader -> {
            Membership membership = leader.node().membership();
            Seat other = chance.oneOf(world.present());
            switch (chance.between(0, 4)) {
                case 0 -> {
                    if (world.present().size() < MEMBERS_MAX) {
                        addLearner();
                    }
                }
                case 1 -> {
                    if (world.present().size() < MEMBERS_MAX) {
                        Member member = newMember();
                        join(member);
                        told(Marks.Change.ADD_VOTER, "add voter " + member.id(),
                                membership.addVoter(member, CATCH_UP));
                    }
                }
                case 2 -> told(Marks.Change.PROMOTE, "promote " + other.id(),
                        membership.promote(other.id()));
                case 3 -> told(Marks.Change.REMOVE, "remove " + other.id(),
                        membership.remove(other.id()));
                default -> {
                    if (other.process().isEmpty()) {
                        Member member = newMember();
                        join(member);
                        told(Marks.Change.REPLACE, "replace " + other.id() + " by " + member.id(),
                                membership.replace(other.id(), member, CATCH_UP));
                    }
                }
            }
        });
    }

    private void told(Marks.Change change, String what, CompletableFuture<ChangeResult> end) {
        world.trace().tell(what);
        var unused = end.thenAccept(result -> {
            world.trace().tell(what + ": " + result);
            switch (result) {
                case ChangeResult.Done ignored -> world.marks().done(change);
                case ChangeResult.Refused refused ->
                    world.marks().refused(change, refused.reason());
                case ChangeResult.Unknown ignored -> {
                }
            }
        });
    }
}
