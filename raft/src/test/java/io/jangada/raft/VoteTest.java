// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who votes for whom, and what a message of a higher term does to each role: group B. */
final class VoteTest {
    private static final ConfState LEARNER_2 = TestNode.members(List.of(1L), List.of(2L));

    @Test
    @DisplayName("B2 a learner does not campaign")
    void b2LearnerDoesNotCampaign() {
        TestNode learner = TestNode.ofMembers(2, LEARNER_2);
        learner.raft.election().setRandomizedTimeoutTicks(10);
        learner.tick(10);
        assertThat(learner.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(learner.raft.term()).isZero();
    }

    @Test
    @DisplayName("B4 a learner votes: it may have been promoted")
    void b4LearnerVotes() {
        TestNode learner = TestNode.ofMembers(2, LEARNER_2).follower(1, 0);
        learner.raft.step(new Message.VoteRequest(1, 2, 2, TestNode.id(11, 11), false));
        assertThat(learner.messages()).containsExactly(new Message.VoteResponse(2, 1, 2, true));
    }

    @ParameterizedTest(name = "vote {0}, candidate {1}/{2}: granted {3}")
    @CsvSource({
        "0,0,0,false", "0,1,0,false", "0,2,0,false", "0,3,0,false",
        "0,0,1,false", "0,1,1,false", "0,2,1,false", "0,3,1,false",
        "0,0,2,false", "0,1,2,false", "0,2,2,true", "0,3,2,true",
        "0,0,3,true", "0,1,3,true", "0,2,3,true", "0,3,3,true",
        "2,3,2,true", "1,3,2,false"})
    @DisplayName("B14 a vote goes to an up-to-date log, once in a term")
    void b14VotesByLog(long vote, long index, long logTerm, boolean granted) {
        long term = Math.max(2, logTerm);
        TestNode node = TestNode.withLog(1, new HardState(term, vote, 0), new long[]{2, 2}, 1, 2);
        node.raft.step(new Message.VoteRequest(2, 1, term, TestNode.id(index, logTerm), false));
        assertThat(node.messages()).containsExactly(new Message.VoteResponse(1, 2, term, granted));
    }

    @ParameterizedTest
    @EnumSource(value = RoleName.class, names = {"PRE_CANDIDATE", "CANDIDATE", "LEADER"})
    @DisplayName("B14 who voted for itself refuses")
    void b14OwnVoteRefusesOthers(RoleName role) {
        long saved = role == RoleName.PRE_CANDIDATE ? 3 : 2;
        TestNode node = inRole(role,
                TestNode.withLog(1, new HardState(saved, 1, 0), new long[]{2, 2}, 1, 2));
        node.raft.step(new Message.VoteRequest(2, 1, 3, TestNode.id(3, 3), false));
        assertThat(node.messages(Message.VoteResponse.class))
                .containsExactly(new Message.VoteResponse(1, 2, 3, false));
        assertThat(node.raft.vote()).isEqualTo(1);
    }

    private static TestNode inRole(RoleName role, TestNode node) {
        switch (role) {
            case FOLLOWER -> node.follower(1, 0);
            case PRE_CANDIDATE -> node.raft.becomePreCandidate();
            case CANDIDATE -> node.raft.becomeCandidate();
            case LEADER -> node.leader();
        }
        return node;
    }

    @ParameterizedTest
    @EnumSource(RoleName.class)
    @DisplayName("B16 every role steps down for a higher term and keeps its log")
    void b16StepsDown(RoleName role) {
        TestNode node = inRole(role, TestNode.of(1, 1, 2, 3));
        long lastIndex = role == RoleName.LEADER ? 1 : 0;
        EntryId last = TestNode.id(0, 3);
        node.raft.step(new Message.VoteRequest(2, 1, 3, last, false));
        assertSteppedDown(node, 0, lastIndex);
        node.raft.step(new Message.AppendRequest(2, 1, 3, last, List.of(), 0));
        assertSteppedDown(node, 2, lastIndex);
    }

    private static void assertSteppedDown(TestNode node, long leader, long lastIndex) {
        assertThat(node.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(node.raft.term()).isEqualTo(3);
        assertThat(node.raft.leader()).isEqualTo(leader);
        assertThat(node.raft.log().lastIndex()).isEqualTo(lastIndex);
    }

    @ParameterizedTest(name = "append {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("B17 a candidate of a lower term follows the leader")
    void b17CandidateTakesLeadersTerm(boolean append) {
        TestNetwork network = TestNetwork.of(3);
        network.campaign(1);
        network.isolate(3);
        network.campaign(2);
        network.campaign(1);
        TestNode cutOff = network.node(3);
        cutOff.tick(cutOff.raft.election().randomizedTimeoutTicks());
        cutOff.messages();
        assertThat(cutOff.raft.roleName()).isEqualTo(RoleName.CANDIDATE);
        assertThat(cutOff.raft.term()).isEqualTo(2);
        network.heal();
        network.step(append
                ? new Message.AppendRequest(1, 3, 3, EntryId.ZERO, List.of(), 0)
                : new Message.Heartbeat(1, 3, 3, 0, 0));
        assertThat(network.raft(1).roleName()).isEqualTo(RoleName.LEADER);
        assertThat(cutOff.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(cutOff.raft.term()).isEqualTo(3);
    }

    @Test
    @DisplayName("B27 a learner ignores every call to campaign")
    void b27LearnerIgnoresCalls() {
        TestNetwork network = TestNetwork.of(TestNode.ofMembers(1, LEARNER_2),
                TestNode.ofMembers(2, LEARNER_2));
        network.campaign(2);
        assertThat(network.raft(2).roleName()).isEqualTo(RoleName.FOLLOWER);
        network.campaign(1);
        assertThat(network.raft(2).leader()).isEqualTo(1);
        network.step(new Message.TimeoutNow(1, 2, 1));
        assertThat(network.raft(2).roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(network.raft(2).term()).isEqualTo(1);
        assertThat(network.raft(1).roleName()).isEqualTo(RoleName.LEADER);
    }
}
