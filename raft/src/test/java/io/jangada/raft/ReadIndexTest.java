// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Linearizable reads: group E, and that none is ever silently gone. */
final class ReadIndexTest {
    private static final Bytes READ = Bytes.utf8("read");

    @Test
    @DisplayName("E1 a read of a follower takes one heartbeat")
    void e1ReadTakesOneHeartbeat() {
        TestNetwork network = TestNetwork.of(2);
        network.campaign(1);
        TestNode leader = network.node(1);
        leader.raft.step(new Message.ReadIndexRequest(2, 1, READ));
        assertThat(leader.messages()).containsExactly(new Message.Heartbeat(1, 2, 1, 1, 1));
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, 1));
        assertThat(leader.messages())
                .containsExactly(new Message.ReadIndexResponse(1, 2, 1, 1, READ));
        assertThat(leader.raft.readPosition()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ReadOnlyMode.class)
    @DisplayName("E2 E4 reads everywhere see what was committed before")
    void e2ReadsSeeCommitted(ReadOnlyMode mode) {
        TestNetwork network = TestNetwork.of(3,
                options -> options.readOnly(mode).checkQuorum(mode == ReadOnlyMode.LEASE));
        network.campaign(1);
        for (int round = 0; round < 6; round++) {
            long reader = round % 3 + 1L;
            for (int i = 0; i < 10; i++) {
                network.propose(1, "x");
            }
            Bytes context = Bytes.utf8("r" + round);
            assertThat(network.raft(reader).role().readIndex(reader, context))
                    .isEqualTo(new ReadOutcome.Accepted(1));
            network.pump();
            assertThat(network.raft(reader).readStates())
                    .containsExactly(new ReadState(11 + 10L * round, context));
            network.raft(reader).readStates().clear();
        }
    }

    private static TestNode leaderWithPendingRead() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.messages();
        leader.raft.role().readIndex(1, READ);
        leader.messages();
        assertThat(leader.raft.readStates()).isEmpty();
        return leader;
    }

    @Test
    void readsAreRefusedWhenTheLeaderStepsDown() {
        TestNode leader = leaderWithPendingRead();
        leader.raft.step(new Message.Heartbeat(2, 1, 2, 0, 0));
        assertThat(leader.raft.droppedReads())
                .containsExactly(new DroppedRead(READ, DropReason.LEADER_CHANGED));
    }

    @Test
    void readsBeforeTheFirstCommitAreRefusedWhenTheLeaderStepsDown() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.raft.role().readIndex(1, READ);
        leader.raft.step(new Message.Heartbeat(2, 1, 2, 0, 0));
        assertThat(leader.raft.droppedReads())
                .containsExactly(new DroppedRead(READ, DropReason.LEADER_CHANGED));
    }

    @Test
    void readsAreAnsweredWhenTheGroupShrinksToTheLeader() {
        TestNode leader = leaderWithPendingRead();
        leader.raft.membership().apply(new ConfChange.V1(0,
                new ConfChangeSingle(ConfChangeType.REMOVE_NODE, 2), Bytes.EMPTY));
        assertThat(leader.raft.readStates()).containsExactly(new ReadState(1, READ));
    }

    @Test
    void readsWaitForTheFirstCommitOfTheTerm() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.raft.role().readIndex(1, READ);
        assertThat(leader.messages()).isEmpty();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        assertThat(leader.messages(Message.Heartbeat.class)).hasSize(1);
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, 1));
        assertThat(leader.raft.readStates()).containsExactly(new ReadState(1, READ));
    }

    @Test
    void pendingReadsAreBounded() {
        TestNode leader = TestNode.of(1, options -> options.pendingReadsMax(1), 1, 2).leader();
        leader.raft.role().readIndex(1, READ);
        assertThat(leader.raft.role().readIndex(1, READ))
                .isEqualTo(new ReadOutcome.Dropped(DropReason.OVERLOADED, 1));
    }
}
