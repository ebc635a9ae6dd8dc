// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever steps a message hears what became of it, whatever the role. */
class StepOutcomeTest {
    private static final Snapshot SNAPSHOT = new Snapshot(new EntryId(1, 5),
            TestNode.voters(1, 2, 3), Bytes.EMPTY);
    private static final List<Message> WELL_FORMED = List.of(
            new Message.AppendResponse(2, 1, 1, 0),
            new Message.AppendResponse(9, 1, 1, 0),
            new Message.AppendReject(2, 1, 1, 1, EntryId.ZERO),
            new Message.AppendReject(9, 1, 1, 1, EntryId.ZERO),
            new Message.VoteRequest(2, 1, 1, EntryId.ZERO, false),
            new Message.VoteResponse(2, 1, 1, false),
            new Message.PreVoteRequest(2, 1, 1, EntryId.ZERO),
            new Message.PreVoteResponse(2, 1, 1, false),
            new Message.HeartbeatResponse(2, 1, 1, 0),
            new Message.HeartbeatResponse(9, 1, 1, 0),
            new Message.ReadIndexResponse(2, 1, 1, 0, Bytes.EMPTY),
            new Message.TimeoutNow(2, 1, 1),
            new Message.Heartbeat(2, 1, 0, 0, 0));
    private static final List<Message> FROM_A_LEADER = List.of(
            new Message.AppendRequest(2, 1, 1, EntryId.ZERO, List.of(), 0),
            new Message.Heartbeat(2, 1, 1, 0, 0),
            new Message.InstallSnapshot(2, 1, 1, SNAPSHOT));

    private static TestNode node(RoleName role) {
        TestNode node = TestNode.of(1, 1, 2, 3);
        switch (role) {
            case FOLLOWER -> node.follower(1, 2);
            case CANDIDATE -> node.raft.becomeCandidate();
            case LEADER -> node.leader();
            case PRE_CANDIDATE -> {
                node.raft.becomeFollower(1, 0);
                node.raft.becomePreCandidate();
            }
        }
        return node;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWellFormedIsAccepted(RoleName role) {
        for (Message message : WELL_FORMED) {
            assertThat(node(role).raft.step(message)).as("%s", message)
                    .isEqualTo(StepOutcome.ACCEPTED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyALeaderRefusesALeaderOfItsTerm(RoleName role) {
        for (Message message : FROM_A_LEADER) {
            StepOutcome outcome = node(role).raft.step(message);
            if (role == RoleName.LEADER) {
                assertThat(outcome).as("%s", message).isInstanceOf(StepOutcome.Malformed.class);
            } else {
                assertThat(outcome).as("%s", message).isEqualTo(StepOutcome.ACCEPTED);
            }
        }
    }

    @Test
    void whatCannotBeIsMalformed() {
        for (Message message : List.of(new Message.AppendResponse(2, 1, 1, 9),
                new Message.HeartbeatResponse(2, 1, 1, 9))) {
            assertThat(node(RoleName.LEADER).raft.step(message)).as("%s", message)
                    .isInstanceOf(StepOutcome.Malformed.class);
        }
        assertThat(node(RoleName.FOLLOWER).raft.step(new Message.Heartbeat(2, 1, 1, 9, 0)))
                .isInstanceOf(StepOutcome.Malformed.class);
        assertThat(node(RoleName.FOLLOWER).raft.step(new Message.TimeoutNow(3, 1, 1)))
                .isInstanceOf(StepOutcome.Malformed.class);
    }

    @Test
    void aRequestThatIsDroppedSaysWhy() {
        var proposal = new Message.Propose(2, 1,
                List.of(Entry.proposed(EntryType.NORMAL, Bytes.EMPTY)));
        var read = new Message.ReadIndexRequest(2, 1, Bytes.EMPTY);
        var transfer = new Message.TransferLeader(3, 1, 0);
        for (Message message : List.of(proposal, read, transfer)) {
            assertThat(node(RoleName.CANDIDATE).raft.step(message)).as("%s", message)
                    .isEqualTo(new StepOutcome.Dropped(DropReason.NO_LEADER));
            assertThat(node(RoleName.LEADER).raft.step(message)).as("%s", message)
                    .isEqualTo(StepOutcome.ACCEPTED);
        }
        assertThat(node(RoleName.LEADER).raft.step(new Message.TransferLeader(9, 1, 1)))
                .isEqualTo(new StepOutcome.Dropped(DropReason.BAD_TRANSFER_TARGET));
    }
}
