// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leadership transfer: group G. */
final class LeaderTransferTest {

    private static TestNetwork ledByOne(boolean checkQuorum) {
        TestNetwork network = TestNetwork.of(3, options -> options.checkQuorum(checkQuorum));
        network.campaign(1);
        return network;
    }

    private static void transfer(TestNetwork network, long via, long target) {
        network.raft(via).role().transferTo(target);
        network.pump();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("G1 G2 G3 leadership goes to an up-to-date follower, lease or not, whoever is asked")
    void g1TransfersToUpToDate(boolean checkQuorum) {
        TestNetwork network = ledByOne(checkQuorum);
        transfer(network, 3, 2);
        assertThat(network.raft(2).roleName()).isEqualTo(RoleName.LEADER);
        assertThat(network.raft(1).leader()).isEqualTo(2);
        network.propose(2, "x");
        transfer(network, 2, 1);
        assertThat(network.raft(1).roleName()).isEqualTo(RoleName.LEADER);
        assertThat(network.raft(2).transferTarget()).isZero();
    }

    @Test
    @DisplayName("G4 a target that lags catches up first")
    void g4CatchesUpFirst() {
        TestNetwork network = ledByOne(false);
        network.isolate(3);
        network.propose(1, "x");
        network.heal();
        transfer(network, 1, 3);
        assertThat(network.raft(3).roleName()).isEqualTo(RoleName.LEADER);
        assertThat(network.node(3).logTerms()).startsWith(1L, 1L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4})
    @DisplayName("G6 nothing happens for itself or a stranger")
    void g6RefusesBadTargets(long target) {
        TestNetwork network = ledByOne(false);
        assertThat(network.raft(1).role().transferTo(target))
                .isEqualTo(new TransferOutcome.Dropped(DropReason.BAD_TRANSFER_TARGET, 1));
        assertThat(network.raft(1).transferTarget()).isZero();
    }

    @Test
    @DisplayName("G7 G12 a transfer is given up after one election timeout, repeated or not")
    void g7GivesUp() {
        TestNetwork network = ledByOne(false);
        network.isolate(3);
        transfer(network, 1, 3);
        network.tick(1, 5);
        transfer(network, 1, 3);
        network.tick(1, 4);
        assertThat(network.raft(1).transferTarget()).isEqualTo(3);
        network.tick(1, 1);
        assertThat(network.raft(1).transferTarget()).isZero();
        assertThat(network.raft(1).roleName()).isEqualTo(RoleName.LEADER);
    }

    @Test
    @DisplayName("G8 proposals are dropped meanwhile")
    void g8DropsProposals() {
        TestNetwork network = ledByOne(false);
        network.isolate(3);
        transfer(network, 1, 3);
        assertThat(network.propose(1, "x"))
                .isEqualTo(new ProposeOutcome.Dropped(DropReason.TRANSFER_IN_PROGRESS, 1));
        assertThat(network.raft(1).log().lastIndex()).isEqualTo(1);
    }

    @Test
    @DisplayName("G9 another's election ends the transfer")
    void g9AnotherWins() {
        TestNetwork network = ledByOne(false);
        network.isolate(3);
        transfer(network, 1, 3);
        network.campaign(2);
        assertThat(network.raft(1).leader()).isEqualTo(2);
        assertThat(network.raft(1).transferTarget()).isZero();
    }

    @Test
    @DisplayName("G13 who is not a member does not campaign when told to")
    void g13StrangerDoesNotCampaign() {
        TestNode node = TestNode.of(1, 2, 3, 4);
        node.raft.step(new Message.TimeoutNow(2, 1, 1));
        node.raft.step(new Message.VoteResponse(2, 1, 1, true));
        node.raft.step(new Message.VoteResponse(3, 1, 1, true));
        assertThat(node.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
    }

    @Test
    void transfersDoNotPostponeCheckQuorum() {
        TestNode leader = TestNode.of(1, options -> options.checkQuorum(true), 1, 2, 3).leader();
        for (int i = 0; i < 20 && leader.raft.roleName() == RoleName.LEADER; i++) {
            if (i % 5 == 0) {
                leader.raft.role().transferTo(2 + i / 5L % 2);
            }
            leader.tick(1);
        }
        assertThat(leader.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
    }

    @Test
    void onlyTheLeaderHandsOver() {
        TestNode node = TestNode.of(1, 1, 2, 3).follower(1, 2);
        assertThat(node.raft.step(new Message.TimeoutNow(3, 1, 1)))
                .isInstanceOf(StepOutcome.Malformed.class);
        assertThat(node.raft.term()).isEqualTo(1);
        assertThat(node.raft.log().last()).isEqualTo(EntryId.ZERO);
    }
}
