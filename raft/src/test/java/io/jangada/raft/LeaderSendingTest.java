// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.ProgressState;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a leader sends in each state of a peer's progress, and when: group D, and Q4. */
final class LeaderSendingTest {
    private static List<Message.AppendRequest> appends(TestNode node) {
        return node.messages(Message.AppendRequest.class);
    }

    @Test
    @DisplayName("D1 a leader's own entries count once they are durable")
    void d1OwnProgress() {
        TestNode leader = TestNode.of(1, 1, 2);
        leader.raft.becomeCandidate();
        leader.raft.becomeLeader();
        for (int i = 0; i < 5; i++) {
            leader.propose("x");
        }
        assertThat(leader.raft.log().unstable().nextEntries()).hasSize(6);
        assertThat(leader.progress(1).match()).isZero();
        leader.messages();
        assertThat(leader.progress(1).match()).isEqualTo(6);
        assertThat(leader.progress(1).next()).isEqualTo(7);
    }

    @Test
    @DisplayName("D2 an answered heartbeat ends a pause, a heartbeat does not")
    void d2HeartbeatResponseResumes() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        Progress peer = leader.progress(2);
        peer.setFlowPaused(true);
        leader.tick(1);
        assertThat(leader.messages(Message.Heartbeat.class)).hasSize(1);
        assertThat(peer.isFlowPaused()).isTrue();
        peer.becomeReplicate();
        assertThat(peer.isFlowPaused()).isFalse();
        peer.setFlowPaused(true);
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, 0));
        assertThat(peer.isFlowPaused()).isFalse();
    }

    @Test
    @DisplayName("D17 each heartbeat response of a peer that lags gives one append")
    void d17HeartbeatResponseSends() {
        TestNode leader = TestNode
                .withLog(1, new HardState(3, 0, 3), new long[]{1, 2, 3}, 1, 2).leader();
        var response = new Message.HeartbeatResponse(2, 1, 4, 0);
        leader.raft.step(response);
        assertThat(appends(leader)).hasSize(1);
        leader.raft.step(response);
        List<Message.AppendRequest> sent = appends(leader);
        assertThat(sent).hasSize(1);
        long last = sent.getFirst().previous().index() + sent.getFirst().entries().size();
        assertThat(last).isEqualTo(4);
        leader.raft.step(new Message.AppendResponse(2, 1, 4, last));
        leader.messages();
        leader.raft.step(response);
        assertThat(leader.messages()).isEmpty();
    }

    @Test
    @DisplayName("D18 a peer that has not answered its probe waits for its entries")
    void d18UnansweredProbeWaits() {
        TestNode leader = TestNode.of(1, 1, 2, 3).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        assertThat(leader.committed()).isEqualTo(1);
        leader.messages();
        leader.propose("x");
        assertEntryTwoSentTo(2, appends(leader));
        leader.raft.step(new Message.AppendResponse(3, 1, 1, 1));
        assertEntryTwoSentTo(3, appends(leader));
    }

    private static void assertEntryTwoSentTo(long peer, List<Message.AppendRequest> sent) {
        assertThat(sent).singleElement().satisfies(append -> {
            assertThat(append.to()).isEqualTo(peer);
            assertThat(append.entries()).singleElement()
                    .satisfies(entry -> assertThat(entry.index()).isEqualTo(2));
        });
    }

    @Test
    @DisplayName("D20 heartbeats commit what the peer is known to have")
    void d20HeartbeatCommit() throws SnapshotOutOfDateException {
        var storage = new MemoryStorage();
        storage.applySnapshot(new Snapshot(TestNode.id(1000, 1), TestNode.voters(1, 2, 3),
                Bytes.EMPTY));
        TestNode leader = new TestNode(storage, 1, options -> options);
        leader.follower(1, 0).leader();
        for (int i = 0; i < 9; i++) {
            leader.propose("x");
        }
        leader.raft.log().commitTo(1010);
        leader.messages();
        leader.progress(2).maybeUpdate(5);
        leader.progress(3).maybeUpdate(1010);
        leader.tick(1);
        assertThat(leader.messages()).containsExactly(new Message.Heartbeat(1, 2, 2, 5, 0),
                new Message.Heartbeat(1, 3, 2, 1010, 0));
    }

    @ParameterizedTest
    @EnumSource(value = RoleName.class, names = {"FOLLOWER", "CANDIDATE", "LEADER"})
    @DisplayName("D21 only a leader sends heartbeats")
    void d21OnlyLeaderBeats(RoleName role) {
        TestNode node = TestNode.of(1, 1, 2, 3);
        switch (role) {
            case FOLLOWER, PRE_CANDIDATE -> node.follower(1, 2);
            case CANDIDATE -> node.raft.becomeCandidate();
            case LEADER -> node.leader();
        }
        node.tick(1);
        assertThat(node.messages()).hasSize(role == RoleName.LEADER ? 2 : 0)
                .allMatch(message -> message instanceof Message.Heartbeat);
    }

    @ParameterizedTest
    @CsvSource({"REPLICATE,6", "PROBE,2"})
    @DisplayName("D22 sending moves next while replicating, not while probing")
    void d22NextMoves(ProgressState state, long next) {
        TestNode leader = TestNode
                .withLog(1, new HardState(3, 0, 0), new long[]{1, 2, 3}, 1, 2).leader();
        Progress peer = leader.progress(2);
        peer.maybeUpdate(1);
        if (state == ProgressState.REPLICATE) {
            peer.becomeReplicate();
        } else {
            peer.becomeProbe();
        }
        assertThat(peer.next()).isEqualTo(2);
        leader.propose("x");
        assertThat(appends(leader)).singleElement()
                .satisfies(append -> assertThat(append.entries()).hasSize(4));
        assertThat(peer.next()).isEqualTo(next);
    }

    @Test
    @DisplayName("D23 a probe waits for a heartbeat's response")
    void d23ProbeWaits() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.progress(2).becomeProbe();
        leader.propose("x");
        assertThat(appends(leader)).singleElement()
                .satisfies(append -> assertThat(append.previous().index()).isZero());
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 10; i++) {
                leader.propose("x");
                leader.raft.replicator().sendAppend(2, Replicator.Empty.SEND);
            }
            assertThat(leader.messages()).isEmpty();
            leader.tick(1);
            assertThat(leader.messages()).containsExactly(new Message.Heartbeat(1, 2, 1, 0, 0));
            assertThat(leader.progress(2).isPaused()).isTrue();
        }
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, 0));
        assertThat(leader.messages()).singleElement().isInstanceOf(Message.AppendRequest.class);
        assertThat(leader.progress(2).isPaused()).isTrue();
    }

    @Test
    @DisplayName("D24 while replicating every entry is sent at once")
    void d24ReplicateSends() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.messages();
        for (int i = 0; i < 10; i++) {
            leader.propose("x");
            long index = i + 2L;
            assertThat(appends(leader)).singleElement()
                    .satisfies(append -> assertThat(append.entries()).singleElement()
                            .satisfies(entry -> assertThat(entry.index()).isEqualTo(index)));
        }
    }

    @Test
    @DisplayName("D25 while a snapshot is on its way nothing is sent")
    void d25SnapshotPauses() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.progress(2).becomeSnapshot(10);
        for (int i = 0; i < 10; i++) {
            leader.propose("x");
            leader.raft.replicator().sendAppend(2, Replicator.Empty.SEND);
        }
        assertThat(leader.messages()).isEmpty();
    }

    @Test
    @DisplayName("D26 an unreachable peer is probed from what matches")
    void d26UnreachableIsProbed() {
        TestNode leader = TestNode
                .withLog(1, new HardState(3, 0, 0), new long[]{1, 2, 3}, 1, 2).leader();
        Progress peer = leader.progress(2);
        peer.maybeUpdate(3);
        peer.becomeReplicate();
        leader.propose("x");
        assertThat(peer.next()).isEqualTo(6);
        leader.raft.step(new LocalEvent.Unreachable(2));
        assertThat(peer.state()).isEqualTo(ProgressState.PROBE);
        assertThat(peer.next()).isEqualTo(4);
    }

    @ParameterizedTest(name = "heartbeat in between: {0}")
    @CsvSource({"true", "false"})
    @DisplayName("Q4 a heartbeat with a lower commit makes the leader tell its commit again")
    void q4HeartbeatLowersSentCommit(boolean heartbeat) {
        TestNode leader = TestNode.of(1, 1, 2, 3).leader();
        for (long peer = 2; peer <= 3; peer++) {
            leader.raft.step(new Message.AppendResponse(peer, 1, 1, 1));
        }
        leader.propose("x");
        leader.messages();
        leader.raft.step(new Message.AppendResponse(3, 1, 1, 2));
        assertThat(leader.committed()).isEqualTo(2);
        assertThat(appends(leader)).contains(
                new Message.AppendRequest(1, 2, 1, TestNode.id(2, 1), List.of(), 2));
        if (heartbeat) {
            leader.tick(1);
            assertThat(leader.messages()).contains(new Message.Heartbeat(1, 2, 1, 1, 0));
        }
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 2));
        assertThat(leader.messages()).isEqualTo(heartbeat
                ? List.of(new Message.AppendRequest(1, 2, 1, TestNode.id(2, 1), List.of(), 2))
                : List.of());
    }
}
