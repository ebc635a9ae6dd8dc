// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import org.junit.jupiter.api.Test;

/** Reads that a follower sends to its leader end once, as answered or as dropped. */
final class ForwardedReadsTest {
    private static final Bytes READ = Bytes.utf8("read");
    private static final Bytes OTHER = Bytes.utf8("other");

    private static TestNode followerWithRead() {
        TestNode follower = TestNode.of(1, 1, 2, 3);
        follower.raft.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        assertThat(follower.raft.role().readIndex(1, READ)).isEqualTo(new ReadOutcome.Accepted(2));
        assertThat(follower.messages(Message.ReadIndexRequest.class))
                .containsExactly(new Message.ReadIndexRequest(1, 2, READ));
        return follower;
    }

    private static void assertDropped(TestNode node, DropReason reason) {
        assertThat(node.raft.droppedReads()).containsExactly(new DroppedRead(READ, reason));
        node.raft.step(new Message.ReadIndexResponse(2, 1, node.raft.term(), 1, READ));
        assertThat(node.raft.readStates()).as("its end is known").isEmpty();
    }

    @Test
    void anAnswerEndsIt() {
        TestNode follower = followerWithRead();
        var answer = new Message.ReadIndexResponse(2, 1, 1, 7, READ);
        follower.raft.step(new Message.ReadIndexResponse(2, 1, 1, 7, OTHER));
        assertThat(follower.raft.readStates()).as("nobody has asked that").isEmpty();
        follower.raft.step(answer);
        follower.raft.step(answer);
        assertThat(follower.raft.readStates()).containsExactly(new ReadState(7, READ));
        follower.tick(30);
        assertThat(follower.raft.droppedReads()).isEmpty();
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUp() {
        TestNode follower = followerWithRead();
        for (int i = 0; i < 9; i++) {
            follower.tick(1);
            follower.raft.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        }
        assertThat(follower.raft.droppedReads()).isEmpty();
        follower.tick(1);
        assertDropped(follower, DropReason.NO_ANSWER);
    }

    @Test
    void anotherLeaderWillNotAnswer() {
        TestNode follower = followerWithRead();
        follower.raft.step(new Message.Heartbeat(3, 1, 2, 0, 0));
        assertDropped(follower, DropReason.LEADER_CHANGED);
    }

    @Test
    void norWillTheSameOneInALaterTerm() {
        TestNode follower = followerWithRead();
        follower.raft.step(new Message.Heartbeat(2, 1, 5, 0, 0));
        assertDropped(follower, DropReason.LEADER_CHANGED);
    }

    @Test
    void aMemberThatCampaignsWaitsForNobody() {
        TestNode follower = followerWithRead();
        follower.campaign();
        assertDropped(follower, DropReason.LEADER_CHANGED);
    }

    @Test
    void aForgottenLeaderIsNotWaitedFor() {
        TestNode follower = followerWithRead();
        follower.raft.step(new LocalEvent.ForgetLeader());
        assertDropped(follower, DropReason.LEADER_CHANGED);
    }

    @Test
    void theyAreBounded() {
        TestNode follower = TestNode.of(1, options -> options.pendingReadsMax(1), 1, 2, 3)
                .follower(1, 2);
        follower.raft.role().readIndex(1, READ);
        assertThat(follower.raft.role().readIndex(1, OTHER))
                .isEqualTo(new ReadOutcome.Dropped(DropReason.OVERLOADED, 2));
        assertThat(follower.messages()).hasSize(1);
    }

    @Test
    void whatIsForwardedForOthersIsNotKept() {
        TestNode follower = TestNode.of(1, options -> options.pendingReadsMax(1), 1, 2, 3)
                .follower(1, 2);
        for (int i = 0; i < 5; i++) {
            follower.raft.step(new Message.ReadIndexRequest(3, 1, READ));
        }
        assertThat(follower.messages(Message.ReadIndexRequest.class)).hasSize(5);
        follower.campaign();
        assertThat(follower.raft.droppedReads()).isEmpty();
    }
}
