// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elections among members that were cut off, that lag, or that leases protect: groups B and C. */
final class DisruptionTest {
    private static RaftConfig.Builder preVote(RaftConfig.Builder options) {
        return options.preVote(true);
    }

    private static RaftConfig.Builder checkQuorum(RaftConfig.Builder options) {
        return options.checkQuorum(true);
    }

    private static void assertRoles(TestNetwork network, RoleName... roles) {
        for (int i = 0; i < roles.length; i++) {
            assertThat(network.raft(i + 1L).roleName()).as("member %d", i + 1).isEqualTo(roles[i]);
        }
    }

    private static void assertTerms(TestNetwork network, long... terms) {
        for (int i = 0; i < terms.length; i++) {
            assertThat(network.raft(i + 1L).term()).as("member %d", i + 1).isEqualTo(terms[i]);
        }
    }

    private static TestNetwork atTermOne(UnaryOperator<RaftConfig.Builder> options) {
        TestNetwork network = TestNetwork.of(3, options);
        for (long id = 1; id <= 3; id++) {
            network.node(id).follower(1, 0);
        }
        return network;
    }

    @Test
    @DisplayName("B8 without pre-vote a member that lags deposes the leader and loses")
    void b8DuelingCandidates() {
        TestNetwork network = TestNetwork.of(3);
        network.cut(1, 3);
        network.campaign(1);
        network.campaign(3);
        assertRoles(network, RoleName.LEADER, RoleName.FOLLOWER, RoleName.CANDIDATE);
        network.heal();
        network.campaign(3);
        assertRoles(network, RoleName.FOLLOWER, RoleName.FOLLOWER, RoleName.FOLLOWER);
        assertTerms(network, 2, 2, 2);
        assertThat(network.raft(1).log().lastIndex()).isEqualTo(1);
        assertThat(network.raft(2).log().lastIndex()).isEqualTo(1);
        assertThat(network.raft(3).log().lastIndex()).isZero();
    }

    @Test
    @DisplayName("B24 a pre-candidate of a lower term does not prevent an election")
    void b24SmallerTermCompletesElection() {
        TestNetwork network = atTermOne(DisruptionTest::preVote);
        network.isolate(3);
        network.campaign(1);
        network.campaign(3);
        network.campaign(2);
        assertRoles(network, RoleName.FOLLOWER, RoleName.LEADER, RoleName.PRE_CANDIDATE);
        assertTerms(network, 3, 3, 1);
        network.heal();
        network.isolate(2);
        network.campaign(3);
        network.campaign(1);
        assertThat(List.of(network.raft(1).roleName(), network.raft(3).roleName()))
                .contains(RoleName.LEADER);
    }

    @Test
    @DisplayName("B26 members that know a lost leader elect another")
    void b26ElectionWithLeases() {
        TestNetwork network = atTermOne(options -> options.preVote(true).checkQuorum(true));
        network.campaign(1);
        network.isolate(1);
        assertRoles(network, RoleName.LEADER, RoleName.FOLLOWER, RoleName.FOLLOWER);
        assertThat(network.raft(2).leader()).isEqualTo(1);
        assertThat(network.raft(3).leader()).isEqualTo(1);
        network.campaign(3);
        network.campaign(2);
        assertThat(network.raft(2).roleName() == RoleName.LEADER
                || network.raft(3).roleName() == RoleName.FOLLOWER)
                .as("2 %s, 3 %s", network.raft(2).roleName(), network.raft(3).roleName())
                .isTrue();
    }

    /** Leader 1 and follower 2 at term 2; 3 campaigned alone up to term 4, then got pre-vote. */
    private static TestNetwork migratedToPreVote() {
        long[] voters = {1, 2, 3};
        TestNode one = TestNode.of(1, DisruptionTest::preVote, voters).follower(1, 0);
        TestNode two = TestNode.of(2, DisruptionTest::preVote, voters).follower(1, 0);
        TestNetwork before = TestNetwork.of(one, two, TestNode.of(3, voters).follower(1, 0));
        before.campaign(1);
        before.isolate(3);
        before.propose(1, "x");
        before.campaign(3);
        before.campaign(3);
        assertTerms(before, 2, 2, 4);
        assertThat(before.node(3).logTerms()).containsExactly(2L);
        return TestNetwork.of(one, two,
                TestNode.withLog(3, DisruptionTest::preVote, new HardState(4, 3, 1),
                        new long[]{2}, voters));
    }

    @Test
    @DisplayName("B29 a stuck pre-candidate of a higher term is freed by the leader's stepping down")
    void b29StuckPreCandidateIsFreed() {
        TestNetwork network = migratedToPreVote();
        for (int i = 0; i < 2; i++) {
            network.campaign(3);
            assertRoles(network, RoleName.LEADER, RoleName.FOLLOWER, RoleName.PRE_CANDIDATE);
        }
        network.step(new Message.Heartbeat(1, 3, 2, 0, 0));
        assertThat(network.raft(1).roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(network.raft(1).term()).isEqualTo(4).isEqualTo(network.raft(3).term());
    }

    @ParameterizedTest(name = "old kind {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("B30 a change that is committed but not applied blocks campaigns")
    void b30UnappliedChangeBlocksCampaign(boolean oldKind) {
        var remove = new ConfChangeSingle(ConfChangeType.REMOVE_NODE, 2);
        ConfChange change = oldKind
                ? new ConfChange.V1(0, remove, Bytes.EMPTY)
                : new ConfChange.V2(ConfChangeTransition.AUTO, List.of(remove), Bytes.EMPTY);
        TestNetwork network = TestNetwork.of(3);
        network.campaign(1);
        network.node(1).propose(change);
        network.pump();
        network.tick(1, 1); // Everyone knows what is committed.
        assertThat(network.node(2).committed()).isEqualTo(2);

        network.tick(2, network.raft(2).election().randomizedTimeoutTicks());
        assertRoles(network, RoleName.LEADER, RoleName.FOLLOWER);
        network.step(new Message.TransferLeader(2, 1, 1));
        assertRoles(network, RoleName.LEADER, RoleName.FOLLOWER);
        network.tick(1, 10);
        assertThat(network.raft(1).transferTarget()).isZero();

        network.node(2).applyCommitted();
        network.step(new Message.TransferLeader(2, 1, 1));
        assertRoles(network, RoleName.FOLLOWER, RoleName.LEADER);

        network.node(1).applyCommitted();
        network.node(1).tick(network.raft(1).election().randomizedTimeoutTicks());
        assertRoles(network, RoleName.CANDIDATE);
    }

    @Test
    @DisplayName("C4 votes are free at the start, and once leases are over")
    void c4ElectionWithCheckQuorum() {
        TestNetwork network = TestNetwork.of(3, DisruptionTest::checkQuorum);
        network.campaign(1);
        assertRoles(network, RoleName.LEADER, RoleName.FOLLOWER, RoleName.FOLLOWER);
        network.raft(1).election().setRandomizedTimeoutTicks(11);
        network.raft(2).election().setRandomizedTimeoutTicks(12);
        network.node(1).tick(10);
        network.node(2).tick(10);
        network.node(1).messages(); // Its heartbeats are lost.
        network.campaign(3);
        assertRoles(network, RoleName.FOLLOWER, RoleName.FOLLOWER, RoleName.LEADER);
    }

    @Test
    @DisplayName("C7 a follower that timed out deposes the leader when it hears from it")
    void c7DisruptiveFollower() {
        TestNetwork network = atTermOne(DisruptionTest::checkQuorum);
        network.campaign(1);
        assertTerms(network, 2, 2, 2);
        network.raft(3).election().setRandomizedTimeoutTicks(12);
        network.node(3).tick(12);
        assertRoles(network, RoleName.LEADER, RoleName.FOLLOWER, RoleName.CANDIDATE);
        assertTerms(network, 2, 2, 3);
        network.node(3).messages(); // Its requests are late.
        network.raft(3).step(new Message.Heartbeat(1, 3, 2, 0, 0));
        List<Message> answers = network.node(3).messages();
        assertThat(answers).containsExactly(new Message.AppendResponse(3, 1, 3, 0));
        network.step(answers.getFirst());
        assertRoles(network, RoleName.FOLLOWER, RoleName.FOLLOWER, RoleName.CANDIDATE);
        assertTerms(network, 3, 2, 3);
    }

    @Test
    @DisplayName("C9 a new peer counts as active at the first check of the quorum")
    void c9NewPeerCountsAsActive() {
        TestNode leader = TestNode.of(1, DisruptionTest::checkQuorum, 1).leader();
        leader.tick(9);
        leader.apply(ConfChangeType.ADD_NODE, 2);
        leader.tick(1);
        assertThat(leader.raft.roleName()).isEqualTo(RoleName.LEADER);
        leader.tick(9);
        assertThat(leader.raft.roleName()).isEqualTo(RoleName.LEADER);
        leader.tick(1);
        assertThat(leader.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
        assertThat(leader.raft.log().last()).isEqualTo(new EntryId(1, 1));
    }
}
