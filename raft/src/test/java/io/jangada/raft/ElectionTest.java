// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elections, votes and check-quorum: groups B and C, and Q1 to Q3. */
final class ElectionTest {

    @ParameterizedTest(name = "{0} nodes, silent {1}, pre-vote {2}: {3}")
    @CsvSource({"3,'',false,LEADER", "3,3,false,LEADER", "3,2 3,false,CANDIDATE",
        "4,2 3,false,CANDIDATE", "5,2 3,false,LEADER", "3,'',true,LEADER", "3,3,true,LEADER",
        "3,2 3,true,PRE_CANDIDATE", "4,2 3,true,PRE_CANDIDATE", "5,2 3,true,LEADER"})
    @DisplayName("B1 a majority elects")
    void b1MajorityElects(int size, String silent, boolean preVote, RoleName role) {
        TestNetwork network = TestNetwork.of(size, options -> options.preVote(preVote));
        for (String id : silent.isEmpty() ? new String[0] : silent.split(" ", -1)) {
            network.silence(Long.parseLong(id));
        }
        network.campaign(1);
        assertThat(network.raft(1).roleName()).isEqualTo(role);
        assertThat(network.raft(1).term()).isEqualTo(role == RoleName.PRE_CANDIDATE ? 0 : 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("B1 a majority with longer logs refuses")
    void b1LongerLogsRefuse(boolean preVote) {
        UnaryOperator<RaftConfig.Builder> options = builder -> builder.preVote(preVote);
        long[] voters = {1, 2, 3, 4, 5};
        var saved = new HardState(1, 0, 0);
        TestNetwork network = TestNetwork.of(TestNode.of(1, options, voters),
                TestNode.withLog(2, options, saved, new long[]{1}, voters),
                TestNode.withLog(3, options, saved, new long[]{1}, voters),
                TestNode.withLog(4, options, saved, new long[]{1, 1}, voters),
                TestNode.of(5, options, voters));
        network.campaign(1);
        assertThat(network.raft(1).roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(network.raft(1).term()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("B5 each that campaigns wins")
    void b5LeadersCycle(boolean preVote) {
        TestNetwork network = TestNetwork.of(3, options -> options.preVote(preVote));
        for (long campaigner = 1; campaigner <= 3; campaigner++) {
            network.campaign(campaigner);
            for (long id = 1; id <= 3; id++) {
                assertThat(network.raft(id).roleName())
                        .isEqualTo(id == campaigner ? RoleName.LEADER : RoleName.FOLLOWER);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RoleName.class)
    @DisplayName("B7 every role votes in a higher term; a pre-vote changes nothing")
    void b7VotesFromAnyRole(RoleName role) {
        for (VoteKind kind : VoteKind.values()) {
            TestNode node = TestNode.of(1, 1, 2, 3);
            switch (role) {
                case FOLLOWER -> node.follower(1, 3);
                case PRE_CANDIDATE -> node.raft.becomePreCandidate();
                case CANDIDATE -> node.raft.becomeCandidate();
                case LEADER -> node.leader();
            }
            long term = node.raft.term();
            long vote = node.raft.vote();
            EntryId last = TestNode.id(42, term + 1);
            switch (kind) {
                case VOTE -> {
                    node.raft.step(new Message.VoteRequest(2, 1, term + 1, last, false));
                    assertThat(node.messages())
                            .contains(new Message.VoteResponse(1, 2, term + 1, true));
                    assertThat(node.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
                    assertThat(node.raft.term()).isEqualTo(term + 1);
                    assertThat(node.raft.vote()).isEqualTo(2);
                }
                case PRE_VOTE -> {
                    node.raft.step(new Message.PreVoteRequest(2, 1, term + 1, last));
                    assertThat(node.messages())
                            .contains(new Message.PreVoteResponse(1, 2, term + 1, true));
                    assertThat(node.raft.roleName()).isEqualTo(role);
                    assertThat(node.raft.term()).isEqualTo(term);
                    assertThat(node.raft.vote()).isEqualTo(vote);
                }
            }
        }
    }

    @Test
    @DisplayName("B9 a node that was cut off does not disturb with pre-vote")
    void b9PreVoteProtectsLeader() {
        TestNetwork network = TestNetwork.of(3, options -> options.preVote(true));
        network.cut(1, 3);
        network.campaign(1);
        network.campaign(3);
        assertThat(network.raft(3).roleName()).isEqualTo(RoleName.FOLLOWER);
        network.heal();
        network.campaign(3);
        for (long id = 1; id <= 3; id++) {
            assertThat(network.raft(id).term()).isEqualTo(1);
        }
        assertThat(network.raft(1).roleName()).isEqualTo(RoleName.LEADER);
        assertThat(network.raft(1).log().lastIndex()).isEqualTo(1);
        assertThat(network.raft(2).log().lastIndex()).isEqualTo(1);
        assertThat(network.raft(3).log().lastIndex()).isZero();
    }

    @Test
    @DisplayName("B11 a single voter elects itself")
    void b11SingleVoter() {
        for (boolean preVote : new boolean[]{false, true}) {
            TestNetwork network = TestNetwork.of(1, options -> options.preVote(preVote));
            network.campaign(1);
            assertThat(network.raft(1).roleName()).isEqualTo(RoleName.LEADER);
        }
    }

    @ParameterizedTest(name = "elapsed {0}: {1}")
    @CsvSource({"5,0", "10,0.1", "13,0.4", "15,0.6", "18,0.9", "20,1"})
    @DisplayName("B12 timeouts are drawn from [T, 2T)")
    void b12TimeoutsAreUniform(int elapsed, double probability) {
        TestNode node = TestNode.of(1, 1, 2, 3);
        int reached = 0;
        for (int i = 0; i < 10_000; i++) {
            node.raft.election().drawTimeout();
            reached += elapsed >= node.raft.election().randomizedTimeoutTicks() ? 1 : 0;
        }
        assertThat(reached / 10_000.0).isBetween(probability - 0.02, probability + 0.02);
    }

    @Test
    @DisplayName("B18 an own vote that comes late is not counted")
    void b18LateOwnVote() {
        TestNode node = TestNode.of(1, 1, 2, 3);
        node.campaign();
        node.raft.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        node.messages();
        assertThat(node.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(node.raft.tracker().tally().granted()).isZero();
    }

    @Test
    @DisplayName("B21 B22 only voters campaign, and are listed in order")
    void b21OnlyVotersCampaign() {
        assertThat(TestNode.of(1, 1).raft.isPromotable()).isTrue();
        assertThat(TestNode.of(1, 3, 2, 1).raft.isPromotable()).isTrue();
        assertThat(TestNode.of(1, 3, 2, 1).raft.tracker().voterIds()).containsExactly(1, 2, 3);
        assertThat(TestNode.of(1).raft.isPromotable()).isFalse();
        assertThat(TestNode.of(1, 2, 3).raft.isPromotable()).isFalse();
    }

    @Test
    @DisplayName("B23 a leader does not campaign")
    void b23LeaderStays() {
        TestNetwork network = TestNetwork.of(3);
        network.campaign(1);
        network.campaign(1);
        assertThat(network.raft(1).roleName()).isEqualTo(RoleName.LEADER);
        assertThat(network.raft(1).term()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("C1 C2 a leader steps down when it hears from no quorum")
    void c1LeaderNeedsQuorum(boolean answered) {
        TestNode node = TestNode.of(1,
                options -> options.checkQuorum(true).electionTimeoutTicks(5), 1, 2, 3).leader();
        for (int i = 0; i < 6; i++) {
            if (answered) {
                node.raft.step(new Message.HeartbeatResponse(2, 1, 1, 0));
            }
            node.tick(1);
        }
        assertThat(node.raft.roleName())
                .isEqualTo(answered ? RoleName.LEADER : RoleName.FOLLOWER);
    }

    @Test
    @DisplayName("C5 a stuck candidate is freed by the leader's stepping down")
    void c5StuckCandidateIsFreed() {
        TestNetwork network = TestNetwork.of(3, options -> options.checkQuorum(true));
        for (long id = 1; id <= 3; id++) {
            network.raft(id).election().setRandomizedTimeoutTicks((int) (10 + id));
        }
        network.campaign(1);
        network.isolate(1);
        network.campaign(3);
        network.campaign(3);
        assertThat(network.raft(2).roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(network.raft(3).roleName()).isEqualTo(RoleName.CANDIDATE);
        assertThat(network.raft(3).term()).isEqualTo(3);
        network.heal();
        network.step(new Message.Heartbeat(1, 3, 1, 0, 0));
        assertThat(network.raft(1).roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(network.raft(1).term()).isEqualTo(3);
        network.campaign(3);
        assertThat(network.raft(3).roleName()).isEqualTo(RoleName.LEADER);
    }

    @Test
    @DisplayName("Q1 who knows the leader of a term votes for nobody else in it")
    void q1KnownLeaderGetsNoRival() {
        TestNode node = TestNode.of(1, 1, 2, 3);
        node.raft.step(new Message.AppendRequest(2, 1, 1, EntryId.ZERO, List.of(), 0));
        node.messages();
        var request = new Message.VoteRequest(3, 1, 1, EntryId.ZERO, false);
        node.raft.step(request);
        assertThat(node.messages()).containsExactly(new Message.VoteResponse(1, 3, 1, false));
        assertThat(node.raft.vote()).isZero();
        node.raft.step(new LocalEvent.ForgetLeader());
        node.raft.step(request);
        assertThat(node.messages()).containsExactly(new Message.VoteResponse(1, 3, 1, true));
    }

    @Test
    @DisplayName("Q2 the lease lasts for the base timeout, not the drawn one")
    void q2LeaseIsBaseTimeout() {
        TestNode node = TestNode
                .of(1, options -> options.checkQuorum(true).electionTimeoutTicks(3), 1, 2,
                        3)
                .follower(1, 2);
        node.raft.election().setRandomizedTimeoutTicks(5);
        var request = new Message.VoteRequest(3, 1, 2, EntryId.ZERO, false);
        node.tick(2);
        node.raft.step(request);
        assertThat(node.messages()).isEmpty();
        node.tick(1);
        node.raft.step(request);
        assertThat(node.messages()).containsExactly(new Message.VoteResponse(1, 3, 2, true));
    }

    @Test
    @DisplayName("Q3 asking for pre-votes does not restart the timer")
    void q3PreCandidateKeepsTimer() {
        TestNode node = TestNode.of(1, options -> options.preVote(true).electionTimeoutTicks(3),
                1, 2, 3);
        node.raft.election().setRandomizedTimeoutTicks(5);
        node.tick(4);
        node.candidate();
        node.tick(1);
        assertThat(node.messages(Message.PreVoteRequest.class)).hasSize(2);
    }
}
