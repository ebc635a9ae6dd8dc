// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.InvariantViolation;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.tracker.ProgressState;
import org.junit.jupiter.api.Test;

/** What a member is once its role has changed, and what its application may ask of it. */
class LeadershipTest {
    @Test
    void aNewLeaderSendsItsFirstEntryAtOnce() {
        TestNode node = TestNode.of(1, 1, 2, 3).candidate();
        node.raft.step(new Message.VoteResponse(2, 1, 1, true));
        assertThat(node.progress(1).state()).isEqualTo(ProgressState.REPLICATE);
        assertThat(node.progress(1).isRecentActive()).isTrue();
        assertThat(node.progress(2).isRecentActive()).isFalse();
        assertThat(node.messages(Message.AppendRequest.class)).hasSize(2)
                .allMatch(append -> append.entries().size() == 1
                        && append.previous().equals(EntryId.ZERO));
    }

    @Test
    void onlyACandidateWinsAndNoLeaderCampaigns() {
        TestNode leader = TestNode.of(1, 1, 2, 3).leader();
        TestNode follower = TestNode.of(1, 1, 2, 3);
        assertThatExceptionOfType(InvariantViolation.class)
                .isThrownBy(leader.raft::becomeCandidate);
        assertThatExceptionOfType(InvariantViolation.class)
                .isThrownBy(leader.raft::becomePreCandidate);
        assertThatExceptionOfType(InvariantViolation.class)
                .isThrownBy(follower.raft::becomeLeader);
    }

    @Test
    void whateverALeaderSaysRestartsTheTimer() {
        for (Message message : new Message[]{
            new Message.Heartbeat(2, 1, 1, 0, 0),
            new Message.AppendRequest(2, 1, 1, EntryId.ZERO, TestNode.entries(1, 1), 0)}) {
            TestNode node = TestNode.of(1, 1, 2, 3).follower(1, 0);
            node.tick(5);
            assertThat(node.raft.election().elapsedTicks()).isEqualTo(5);
            node.raft.step(message);
            assertThat(node.raft.election().elapsedTicks()).isZero();
            assertThat(node.raft.leader()).isEqualTo(2);
        }
    }

    @Test
    void votesOfAnEarlierRoundDoNotCount() {
        TestNode node = TestNode.of(1, options -> options.preVote(true), 1, 2, 3, 4, 5);
        node.candidate();
        node.raft.step(new Message.PreVoteResponse(2, 1, 1, true));
        node.candidate();
        node.raft.step(new Message.PreVoteResponse(3, 1, 1, true));
        assertThat(node.raft.roleName()).isEqualTo(RoleName.PRE_CANDIDATE);
        node.raft.step(new Message.PreVoteResponse(2, 1, 1, true));
        assertThat(node.raft.roleName()).isEqualTo(RoleName.CANDIDATE);
    }

    @Test
    void anApplicationReportsThroughTheRawNode() {
        var storage = MemoryStorage.withConfState(TestNode.voters(1, 2));
        var node = new RawNode(TestNode.plain(1, storage).build());
        node.raft().becomeCandidate();
        node.raft().becomeLeader();
        node.step(new Message.AppendResponse(2, 1, 1, 1));
        var peer = node.raft().tracker().progress(2).orElseThrow();
        assertThat(peer.state()).isEqualTo(ProgressState.REPLICATE);
        node.reportUnreachable(2);
        assertThat(peer.state()).isEqualTo(ProgressState.PROBE);
        peer.becomeSnapshot(9);
        node.reportSnapshot(2, true);
        assertThat(peer.state()).isEqualTo(ProgressState.PROBE);
        assertThat(peer.next()).isEqualTo(10);
        assertThat(node.transferLeader(2)).isEqualTo(new TransferOutcome.Accepted(1));
        assertThat(node.basicStatus().transferTarget()).isEqualTo(2);
        node.raft().becomeFollower(1, 2);
        node.forgetLeader();
        assertThat(node.leader()).isZero();
        assertThat(node.transferLeader(2))
                .isEqualTo(new TransferOutcome.Dropped(DropReason.NO_LEADER, 0));
    }
}
