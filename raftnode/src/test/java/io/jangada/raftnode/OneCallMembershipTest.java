// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Changes of membership in one call each, in a virtual cluster. */
class OneCallMembershipTest {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private static Membership membership(Cluster cluster, long member) {
        return cluster.node(member).membership();
    }

    private static Member member(long id) {
        return new Member(id, List.of());
    }

    private static void assertRefused(ChangeResult result, ChangeRefusal reason) {
        assertThat(result).isInstanceOfSatisfying(ChangeResult.Refused.class,
                refused -> assertThat(refused.reason()).as(refused.explanation())
                        .isEqualTo(reason));
    }

    private static void assertDone(ChangeResult result, List<Long> voters, List<Long> learners) {
        assertThat(result).isEqualTo(new ChangeResult.Done(
                new ConfState(voters, learners, List.of(), List.of(), false)));
    }

    private static long follower(Cluster cluster, long leader) {
        long follower = leader % 3 + 1;
        cluster.await(() -> cluster.node(follower).status().leader() == leader, "follows");
        return follower;
    }

    /** Found by the simulator's seed 711770: it waited for the vote of the one that was gone. */
    @Test
    void theLastVoterGoesOnAloneAfterACrash() throws Exception {
        Cluster cluster = Cluster.of(2);
        long last = cluster.awaitLeader();
        long gone = 3 - last;
        assertDone(cluster.result(membership(cluster, last).remove(gone)),
                List.of(last), List.of());
        cluster.loops.runFor(Duration.ofMillis(100));
        cluster.crash(gone);
        cluster.crash(last);
        cluster.start(last, GroupStart.NEW);
        assertThat(cluster.awaitLeader()).isEqualTo(last);
    }

    @Test
    void aVoterIsAddedAsALearnerFirstAndThroughAJointConfiguration() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.propose(leader, "a");
        List<ConfState> seen = new ArrayList<>();
        cluster.node(leader).addObserver(new RaftObserver() {
            @Override
            public void membershipChanged(ConfState confState, Optional<ConfChange> change) {
                seen.add(confState);
            }
        });
        cluster.start(4, GroupStart.JOIN);
        assertDone(cluster.result(membership(cluster, leader).addVoter(member(4), WITHIN)),
                List.of(1L, 2L, 3L, 4L), List.of());
        assertThat(seen).containsExactly(
                new ConfState(List.of(1L, 2L, 3L), List.of(4L), List.of(), List.of(), false),
                new ConfState(List.of(1L, 2L, 3L, 4L), List.of(), List.of(1L, 2L, 3L), List.of(),
                        true),
                new ConfState(List.of(1L, 2L, 3L, 4L), List.of(), List.of(), List.of(), false));
        assertThat(cluster.journal(4).lines()).containsExactly("a");
    }

    /** The snapshot that the first one got does not have the second one in it. */
    @Test
    void oneAfterTheOtherIsAdded() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.propose(leader, "a");
        for (long id = 4; id <= 5; id++) {
            cluster.start(id, GroupStart.JOIN);
            assertThat(cluster.result(membership(cluster, leader).addVoter(member(id), WITHIN)))
                    .isInstanceOf(ChangeResult.Done.class);
            assertThat(cluster.journal(id).lines()).containsExactly("a");
        }
    }

    @Test
    void whoDoesNotCatchUpStaysALearner() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        CompletableFuture<ChangeResult> asked = membership(cluster, leader)
                .addVoter(member(4), WITHIN);
        cluster.loops.runFor(WITHIN.minusSeconds(1));
        assertThat(asked).isNotDone();
        cluster.loops.runFor(Duration.ofSeconds(2));
        assertRefused(asked.join(), ChangeRefusal.NOT_CAUGHT_UP);
        assertThat(cluster.node(leader).status().confState().voters()).containsExactly(1L, 2L,
                3L);
        assertThat(cluster.node(leader).status().confState().learners()).containsExactly(4L);

        cluster.start(4, GroupStart.JOIN);
        assertDone(cluster.result(membership(cluster, leader).addVoter(member(4), WITHIN)),
                List.of(1L, 2L, 3L, 4L), List.of());
    }

    @Test
    void aLearnerIsAddedPromotedAndRemoved() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.start(4, GroupStart.JOIN);
        Membership here = membership(cluster, leader);
        assertDone(cluster.result(here.addLearner(member(4))), List.of(1L, 2L, 3L), List.of(4L));
        assertRefused(cluster.result(here.addLearner(member(4))), ChangeRefusal.ALREADY_THERE);
        assertDone(cluster.result(here.promote(4)), List.of(1L, 2L, 3L, 4L), List.of());
        assertRefused(cluster.result(here.promote(4)), ChangeRefusal.ALREADY_THERE);
        assertRefused(cluster.result(here.promote(5)), ChangeRefusal.UNKNOWN_MEMBER);
        assertDone(cluster.result(here.remove(4)), List.of(1L, 2L, 3L), List.of());
        assertRefused(cluster.result(here.remove(4)), ChangeRefusal.UNKNOWN_MEMBER);
    }

    @Test
    void aFollowerPassesALearnerOnAndNamesTheLeaderForTheRest() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        Membership elsewhere = membership(cluster, follower(cluster, leader));
        assertDone(cluster.result(elsewhere.addLearner(member(4))), List.of(1L, 2L, 3L),
                List.of(4L));
        assertThat(cluster.result(elsewhere.promote(4)))
                .isInstanceOfSatisfying(ChangeResult.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(ChangeRefusal.NOT_LEADER);
                    assertThat(refused.leader()).isEqualTo(leader);
                });
        assertRefused(cluster.result(elsewhere.addVoter(member(5), WITHIN)),
                ChangeRefusal.NOT_LEADER);
        assertRefused(cluster.result(elsewhere.remove(leader)), ChangeRefusal.NOT_LEADER);
        assertDone(cluster.result(elsewhere.remove(4)), List.of(1L, 2L, 3L), List.of());
    }

    @Test
    void aDeadMemberIsReplacedInOneJointChange() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.propose(leader, "a");
        long dead = follower(cluster, leader);
        cluster.crash(dead);
        cluster.start(4, GroupStart.JOIN);
        List<Long> voters = new ArrayList<>(List.of(1L, 2L, 3L, 4L));
        voters.remove(dead);
        assertDone(cluster.result(membership(cluster, leader).replace(dead, member(4), WITHIN)),
                voters, List.of());
        assertThat(cluster.propose(4, "b")).isInstanceOf(ProposalResult.Applied.class);
        assertRefused(cluster.result(membership(cluster, leader).replace(leader, member(5),
                WITHIN)), ChangeRefusal.LEADS);
        assertThatThrownBy(() -> membership(cluster, leader).replace(2, member(2), WITHIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Those who remain part from it before it hears of the commit: it learns of its removal as they turn it away. */
    @Test
    void aLeaderThatIsRemovedAndDoesNotHearOfItIsAnswered() throws Exception {
        Cluster cluster = Cluster.of(3);
        long old = cluster.awaitLeader();
        cluster.propose(old, "a");
        AtomicBoolean isAsked = new AtomicBoolean();
        cluster.loses = parcel -> {
            if (parcel.from() == old
                    && parcel.message().filter(Message.Propose.class::isInstance).isPresent()) {
                isAsked.set(true);
            }
            return parcel.to() == old && isAsked.get();
        };
        CompletableFuture<ChangeResult> removal = membership(cluster, old).remove(old);
        cluster.await(() -> isRemoved(cluster, old), "the removal");
        cluster.loops.runFor(Duration.ofSeconds(1));
        assertThat(removal).isNotDone();
        cluster.node(old).removedBy(cluster.leader());
        assertThat(cluster.result(removal)).isInstanceOf(ChangeResult.Done.class);
    }

    private static boolean isRemoved(Cluster cluster, long member) {
        long leader = cluster.leader();
        return leader != 0 && leader != member
                && !cluster.node(leader).status().confState().voters().contains(member);
    }

    @Test
    void aLeaderThatIsRemovedHandsOverFirst() throws Exception {
        Cluster cluster = Cluster.of(3);
        long old = cluster.awaitLeader();
        cluster.propose(old, "a");
        long term = cluster.node(old).status().term();
        assertThat(cluster.result(membership(cluster, old).remove(old)))
                .isInstanceOf(ChangeResult.Done.class);
        long leader = cluster.leader();
        assertThat(leader).isNotEqualTo(old);
        assertThat(cluster.node(leader).status().term()).isEqualTo(term + 1);
        assertThat(cluster.node(leader).status().confState().voters()).hasSize(2)
                .doesNotContain(old);
        assertThat(cluster.propose(leader, "b")).isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void whatWouldLoseTheQuorumIsRefused() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        long dead = follower(cluster, leader);
        long other = 6 - leader - dead;
        cluster.crash(dead);
        assertRefused(cluster.result(membership(cluster, leader).remove(other)),
                ChangeRefusal.WOULD_LOSE_QUORUM);
        assertThat(cluster.result(membership(cluster, leader).remove(dead)))
                .isInstanceOf(ChangeResult.Done.class);
        assertThat(cluster.propose(leader, "a")).isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void theLastVoterStays() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.propose(cluster.awaitLeader(), "a");
        assertRefused(cluster.result(membership(cluster, 1).remove(1)),
                ChangeRefusal.WOULD_LOSE_QUORUM);
        assertThat(cluster.propose(1, "b")).isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void oneCallIsMadeAtATime() throws Exception {
        Cluster cluster = Cluster.of(3);
        Membership here = membership(cluster, cluster.awaitLeader());
        CompletableFuture<ChangeResult> first = here.addVoter(member(4), WITHIN);
        assertRefused(cluster.result(here.addLearner(member(5))),
                ChangeRefusal.CHANGE_IN_PROGRESS);
        assertThat(first).isNotDone();
    }

    @Test
    void callsEndWhenTheGroupStopsAndWhenTheLeaderIsLost() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        CompletableFuture<ChangeResult> waits = membership(cluster, leader)
                .addVoter(member(4), Duration.ofHours(1));
        cluster.loops.runFor(Duration.ofSeconds(1));
        cluster.hub.isolate(leader);
        assertRefused(cluster.result(waits), ChangeRefusal.NOT_LEADER);

        CompletableFuture<ChangeResult> open = membership(cluster, leader).addLearner(member(5));
        cluster.loops.runFor(Duration.ofMillis(1));
        CompletableFuture<?> unusedStop = cluster.node(leader).stop();
        CompletableFuture<ChangeResult> late = membership(cluster, leader).addLearner(member(6));
        assertThat(cluster.result(open)).isEqualTo(
                new ChangeResult.Unknown(UnknownCause.STOPPED, cluster.node(leader).status()
                        .leader()));
        assertRefused(cluster.result(late), ChangeRefusal.STOPPED);
    }
}
