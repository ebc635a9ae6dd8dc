// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.MessageLite;
import io.jangada.checker.history.Request;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raftnode.TransferResult;
import io.jangada.server.auth.Caller;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done to leaders: they are cut off, one after the other, in the moments that matter, and asked to hand over. */
final class Upheaval {
    /** How many leaders in a row are cut off, at the most. */
    private static final int ROUNDS_MAX = 8;
    private static final int BURDEN_MAX = 30;
    private static final long NO_LEASE = 1;
    private static final Duration ROUND_TRIP = Duration.ofMillis(5);
    private static final LocalMember.Answer UNHEARD = new LocalMember.Answer() {
        @Override
        public void done(MessageLite response, long revision) {}

        @Override
        public void failed(EtcdError error) {}
    };

    private final World world;
    private final Chance chance;
    private final Set<Fault> faults;
    private final Duration timeout;
    /** Whom alone each new leader reaches; null while they reach all. */
    private @Nullable Seat confidant;
    private boolean over;

    Upheaval(World world, Chance chance) {
        this.world = world;
        this.chance = chance;
        faults = world.scenario().faults();
        timeout = world.scenario().electionTimeout();
        world.whenLeads(this::leads);
        world.whenJoint(this::joint);
    }

    /** Leaves leaders alone, for good. */
    void end() {
        over = true;
        confidant = null;
    }

    /** Begins a row of leaders that are cut off. */
    void begin() {
        if (chance.once(3)) {
            confide();
        } else {
            churn(chance.between(1, ROUNDS_MAX));
        }
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
            world.wires().part(id, other.id());
        }
        world.later(timeout.plus(chance.span(World.SHORT, timeout.multipliedBy(3))),
                () -> {
                    if (faults.contains(Fault.ROLL_BACK)) { // With what is about to be replaced.
                        deposed.forEach(Seat::copy);
                    }
                    churn(rounds - 1);
                    if (faults.contains(Fault.CRASH) && chance.once(3)) {
                        world.later(chance.span(World.SHORT, timeout),
                                () -> deposed.forEach(world::crashAndComeBack));
                    }
                });
    }

    /**
     * One and the same member, and nobody else, hears of what each leader in a row has to say. In its log the entries of
     * one replace those of another, and perhaps those of the first come back, while its disk is not yet done with any.
     */
    private void confide() {
        if (confidant != null) {
            return;
        }
        Seat chosen = chance.oneOf(world.present());
        confidant = chosen;
        world.trace().tell("leaders reach member " + chosen.id() + " alone");
        if (faults.contains(Fault.SLOW_DISK)) {
            world.forcesTake(chosen.id(), timeout.multipliedBy(chance.between(1, 10)));
        }
        world.leader().ifPresent(leader -> {
            burden(leader);
            cutOffBut(leader, chosen);
        });
        world.later(timeout.multipliedBy(chance.between(3, 3 * ROUNDS_MAX)), () -> {
            confidant = null;
            world.trace().tell("leaders reach all");
            world.forcesTake(0, Duration.ZERO);
            world.wires().heal();
        });
    }

    private void cutOffBut(SimulatedMember leader, Seat kept) {
        world.wires().heal();
        if (leader.id() != kept.id()) {
            world.marks().see(Marks.Point.LEADER_CUT_OFF);
            for (Seat other : world.present()) {
                if (other.id() != leader.id() && other != kept) {
                    world.wires().part(leader.id(), other.id());
                }
            }
        }
    }

    /** Asks a leader for what changes nothing, so that it is left with entries that others lack. */
    private void burden(SimulatedMember leader) {
        Request nothing = new Request.LeaseRevoke(NO_LEASE);
        for (int i = chance.between(0, BURDEN_MAX); i > 0; i--) {
            leader.member().propose(Caller.MEMBER, Translation.proposal(nothing, 0), UNHEARD);
        }
        hurry(leader);
    }

    private void leads(SimulatedMember leader) {
        Seat kept = confidant;
        if (kept != null && !over) {
            cutOffBut(leader, kept);
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

    /* Perhaps some others know by then that it is joint, and none that it is to end. */
    private void joint(SimulatedMember leader) {
        if (!over && faults.contains(Fault.CHURN) && chance.once(2)) {
            world.later(chance.span(Duration.ZERO, ROUND_TRIP), () -> {
                if (leader.node().status().confState().isJoint()) {
                    world.marks().see(Marks.Point.PARTITION_WHILE_JOINT);
                }
                churn(1);
            });
        }
    }

    /** The leader is asked to hand over, and perhaps hears of nobody any more. */
    void transfer() {
        world.leader().ifPresent(leader -> {
            Seat to = chance.oneOf(world.present());
            world.trace().tell("member " + leader.id() + " is to hand over to " + to.id());
            var unused = leader.node().transferLeadership(to.id())
                    .thenAccept(result -> world.marks().see(switch (result) {
                        case TransferResult.Transferred ignored -> Marks.Point.HANDED_OVER;
                        case TransferResult.Refused ignored -> Marks.Point.HAND_OVER_REFUSED;
                        case TransferResult.TimedOut ignored -> Marks.Point.HAND_OVER_TOO_LATE;
                    }));
            if (chance.once(3)) {
                world.later(chance.span(Duration.ZERO, ROUND_TRIP), () -> deafen(leader.id()));
            }
        });
    }

    private void deafen(long id) {
        if (!over) {
            world.trace().tell("member " + id + " hears nobody");
            for (Seat other : world.present()) {
                if (other.id() != id) {
                    world.wires().cut(other.id(), id);
                }
            }
            world.later(chance.span(timeout.dividedBy(2), timeout.multipliedBy(2)),
                    () -> world.wires().heal());
        }
    }
}
