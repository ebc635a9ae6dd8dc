// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raftnode.ChangeResult;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.Membership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Members are added, promoted, removed and replaced, as an operator would do it. */
final class MemberChanges {
    private static final int MEMBERS_MAX = 9;
    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    private final World world;
    private final Chance chance;
    private long lastId;
    private int open;

    MemberChanges(World world, Chance chance) {
        this.world = world;
        this.chance = chance;
        lastId = world.scenario().count(Size.VOTERS);
    }

    /** Whether the members may be about to become others. */
    boolean isOpen() {
        return open > 0;
    }

    private Member newMember() {
        return new Member(++lastId, List.of());
    }

    /** One more learner, if somebody leads. */
    void addLearner() {
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
        world.later(chance.span(World.SHORT, Duration.ofSeconds(2)), () -> world.start(seat));
    }

    /** One change or another, if somebody leads. */
    void change() {
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
        open++;
        var unused = end.thenAccept(result -> {
            world.trace().tell(what + ": " + result);
            switch (result) {
                case ChangeResult.Done ignored -> world.marks().done(change);
                case ChangeResult.Refused refused ->
                    world.marks().refused(change, refused.reason());
                case ChangeResult.Unknown ignored -> {
                }
            }
            if (result instanceof ChangeResult.Unknown) {
                world.later(CATCH_UP, () -> open--);
            } else {
                open--;
            }
        });
    }
}
