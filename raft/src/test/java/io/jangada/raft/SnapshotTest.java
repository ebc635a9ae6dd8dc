// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.ProgressState;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Snapshots sent and received: group H. */
final class SnapshotTest {
    private static final EntryId ELEVEN = TestNode.id(11, 11);

    private static Snapshot snapshot(ConfState confState) {
        return new Snapshot(ELEVEN, confState, Bytes.EMPTY);
    }

    private static void assertRestoredOnce(TestNode node, ConfState confState) {
        Snapshot snapshot = snapshot(confState);
        assertThat(node.raft.membership().restore(snapshot))
                .isEqualTo(Membership.Restore.RESTORED);
        assertThat(node.raft.log().lastIndex()).isEqualTo(11);
        assertThat(node.raft.log().term(11)).isEqualTo(11);
        assertThat(node.raft.tracker().config().toConfState()).isEqualTo(confState);
        assertThat(node.raft.membership().restore(snapshot)).isEqualTo(Membership.Restore.IGNORED);
    }

    private static void assertCampaignsOnlyOnceApplied(TestNode node) {
        node.tick(node.raft.election().randomizedTimeoutTicks());
        assertThat(node.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
        node.raft.step(new LocalEvent.StorageAppended(0, EntryId.ZERO, ELEVEN));
        node.tick(node.raft.election().randomizedTimeoutTicks());
        assertThat(node.raft.roleName()).isEqualTo(RoleName.CANDIDATE);
    }

    @Test
    @DisplayName("H1 a snapshot replaces log and membership, once")
    void h1Restore() {
        TestNode node = TestNode.of(1, 1, 2);
        assertRestoredOnce(node, TestNode.voters(1, 2, 3));
        assertThat(node.raft.tracker().voterIds()).containsExactly(1, 2, 3);
        assertCampaignsOnlyOnceApplied(node);
    }

    @Test
    @DisplayName("H2 a snapshot brings its learners")
    void h2RestoreWithLearner() {
        ConfState confState = TestNode.members(List.of(1L, 2L), List.of(3L));
        TestNode node = TestNode.ofMembers(3, confState);
        assertRestoredOnce(node, confState);
        assertThat(node.progress(1).isLearner()).isFalse();
        assertThat(node.progress(2).isLearner()).isFalse();
        assertThat(node.progress(3).isLearner()).isTrue();
    }

    @Test
    @DisplayName("H3 a snapshot may be of a joint configuration")
    void h3RestoreJoint() {
        TestNode node = TestNode.of(1, 1, 2);
        assertRestoredOnce(node, new ConfState(List.of(2L, 3L, 4L), List.of(),
                List.of(1L, 2L, 3L), List.of(), false));
        assertThat(node.raft.tracker().voterIds()).containsExactly(1, 2, 3, 4);
        assertCampaignsOnlyOnceApplied(node);
    }

    @Test
    @DisplayName("H4 a snapshot makes a voter a learner, or a learner a voter")
    void h4RestoreChangesVote() {
        TestNode voter = TestNode.of(3, 1, 2, 3);
        assertThat(voter.progress(3).isLearner()).isFalse();
        assertRestoredOnce(voter, TestNode.members(List.of(1L, 2L), List.of(3L)));
        assertThat(voter.progress(3).isLearner()).isTrue();

        TestNode learner = TestNode.ofMembers(3,
                TestNode.members(List.of(1L, 2L), List.of(3L)));
        assertThat(learner.progress(3).isLearner()).isTrue();
        assertRestoredOnce(learner, TestNode.voters(1, 2, 3));
        assertThat(learner.progress(3).isLearner()).isFalse();
    }

    /** Its log begins with a snapshot at 11, its empty entry is 12; messages are dropped. */
    private static TestNode leaderRestoredAtEleven() throws SnapshotOutOfDateException {
        var storage = new MemoryStorage();
        storage.applySnapshot(snapshot(TestNode.voters(1, 2)));
        storage.setHardState(new HardState(11, 0, 11));
        return new TestNode(storage, 1, options -> options).leader();
    }

    @Test
    @DisplayName("H7 H11 who lacks what is compacted gets a snapshot, which is pending")
    void h7ProvideSnapshot() throws SnapshotOutOfDateException {
        TestNode leader = leaderRestoredAtEleven();
        Progress peer = leader.progress(2);
        assertThat(peer.next()).isEqualTo(leader.raft.log().firstIndex());
        leader.raft.step(new Message.AppendReject(2, 1, 12, 11, EntryId.ZERO));
        assertThat(leader.messages()).containsExactly(new Message.InstallSnapshot(1, 2, 12,
                snapshot(TestNode.voters(1, 2))));
        assertThat(peer.state()).isEqualTo(ProgressState.SNAPSHOT);
        assertThat(peer.pendingSnapshot()).isEqualTo(11);
    }

    @Test
    @DisplayName("H8 who was not heard of lately gets no snapshot")
    void h8NoSnapshotForInactive() throws SnapshotOutOfDateException {
        TestNode leader = leaderRestoredAtEleven();
        Progress peer = leader.progress(2);
        peer.maybeDecreaseTo(11, 0);
        assertThat(peer.next()).isEqualTo(1);
        assertThat(peer.isPaused()).isFalse();
        assertThat(peer.isRecentActive()).isFalse();
        leader.propose("x");
        assertThat(leader.messages()).isEmpty();
        peer.setRecentActive(true);
        leader.propose("x");
        assertThat(leader.messages(Message.InstallSnapshot.class)).hasSize(1);
    }

    @Test
    @DisplayName("H9 a snapshot tells who leads")
    void h9SnapshotTellsLeader() {
        TestNode node = TestNode.of(2, 1, 2);
        node.raft.step(new Message.InstallSnapshot(1, 2, 2, snapshot(TestNode.voters(1, 2))));
        assertThat(node.raft.leader()).isEqualTo(1);
        assertThat(node.raft.term()).isEqualTo(2);
        assertThat(node.messages()).containsExactly(new Message.AppendResponse(2, 1, 2, 11));
    }

    @Test
    @DisplayName("H10 a member that was cut off for long catches up through a snapshot")
    void h10SlowMemberIsRestored() throws SnapshotOutOfDateException, CompactedException {
        TestNetwork network = TestNetwork.of(3);
        TestNode leader = network.node(1);
        network.campaign(1);
        network.isolate(3);
        for (int i = 0; i < 100; i++) {
            network.propose(1, "x");
        }
        leader.save().applyCommitted();
        assertThat(leader.raft.log().applied()).isEqualTo(101);
        leader.storage.createSnapshot(101, TestNode.voters(1, 2, 3), Bytes.EMPTY);
        leader.storage.compact(101);
        network.heal();
        for (int i = 0; i < 5 && !leader.progress(3).isRecentActive(); i++) {
            network.tick(1, 1);
        }
        assertThat(leader.progress(3).isRecentActive()).isTrue();
        network.propose(1, "triggers a snapshot");
        network.propose(1, "triggers a commit");
        assertThat(leader.committed()).isEqualTo(103);
        assertThat(network.node(3).committed()).isEqualTo(103);
        assertThat(network.raft(3).log().unstable().snapshot().index()).isEqualTo(101);
    }

    @Test
    @DisplayName("H12 while a snapshot is on its way proposals are not sent")
    void h12PendingSnapshotPauses() throws SnapshotOutOfDateException {
        TestNode leader = leaderRestoredAtEleven();
        leader.progress(2).becomeSnapshot(11);
        leader.propose("x");
        assertThat(leader.messages()).isEmpty();
    }

    @Test
    @DisplayName("H15 an acknowledgement ends the snapshot and starts replication")
    void h15AcknowledgementEndsSnapshot() throws SnapshotOutOfDateException {
        TestNode leader = leaderRestoredAtEleven();
        Progress peer = leader.progress(2);
        peer.maybeDecreaseTo(11, 0);
        peer.becomeSnapshot(11);
        leader.raft.step(new Message.AppendResponse(2, 1, 12, 11));
        assertThat(peer.state()).isEqualTo(ProgressState.REPLICATE);
        assertThat(peer.pendingSnapshot()).isZero();
        assertThat(peer.next()).isEqualTo(13);
        assertThat(peer.inflights().count()).isEqualTo(1);
        assertThat(leader.messages(Message.AppendRequest.class)).singleElement().satisfies(
                append -> assertThat(append.entries()).extracting(entry -> entry.index())
                        .containsExactly(12L));
    }
}
