// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.tracker.ProgressState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replication and flow control: parts of groups D and I. */
final class ReplicationTest {

    @Test
    @DisplayName("D3 a peer in probe state gets one append")
    void d3ProbeSendsOnce() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        for (int i = 0; i < 3; i++) {
            leader.propose("x");
        }
        assertThat(leader.messages(Message.AppendRequest.class)).isEmpty();
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, 0));
        assertThat(leader.messages(Message.AppendRequest.class)).hasSize(1);
    }

    @Test
    @DisplayName("D6 what one leader commits survives the next")
    void d6EntriesSurviveElections() {
        TestNetwork network = TestNetwork.of(3);
        network.campaign(1);
        network.propose(1, "x");
        network.campaign(2);
        network.propose(2, "y");
        for (long id = 1; id <= 3; id++) {
            assertThat(network.node(id).committed()).isEqualTo(4);
            assertThat(network.node(id).logTerms()).containsExactly(1L, 1L, 2L, 2L);
        }
    }

    @Test
    @DisplayName("D13 a follower's proposal reaches the leader")
    void d13FollowersForward() {
        TestNetwork network = TestNetwork.of(3).silence(3);
        network.campaign(1);
        assertThat(network.propose(2, "x")).isEqualTo(new ProposeOutcome.Forwarded(1));
        assertThat(network.node(1).committed()).isEqualTo(2);
        assertThat(network.node(2).logTerms()).containsExactly(1L, 1L);
    }

    @Test
    @DisplayName("D16 a heartbeat moves the commit index up, never down")
    void d16HeartbeatCommits() {
        TestNode node = TestNode.of(1, 1, 2).follower(1, 2);
        node.raft.step(new Message.AppendRequest(2, 1, 1, EntryId.ZERO,
                TestNode.entries(1, 1, 1, 1), 2));
        node.raft.step(new Message.Heartbeat(2, 1, 1, 3, 0));
        assertThat(node.committed()).isEqualTo(3);
        node.raft.step(new Message.Heartbeat(2, 1, 1, 1, 0));
        assertThat(node.committed()).isEqualTo(3);
        assertThat(node.messages(Message.HeartbeatResponse.class)).hasSize(2);
    }

    @Test
    @DisplayName("I1 I2 a full window sends nothing until a place is free")
    void i1WindowFills() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.messages();
        for (int i = 0; i < 256; i++) {
            leader.propose("x");
            assertThat(leader.messages(Message.AppendRequest.class)).hasSize(1);
        }
        for (int i = 0; i < 10; i++) {
            leader.propose("x");
            assertThat(leader.messages(Message.AppendRequest.class)).isEmpty();
        }
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 2));
        assertThat(leader.messages(Message.AppendRequest.class)).isNotEmpty();
        var progress = leader.raft.tracker().progress(2).orElseThrow();
        assertThat(progress.state()).isEqualTo(ProgressState.REPLICATE);
        assertThat(progress.inflights().isFull()).isTrue();
    }
}
