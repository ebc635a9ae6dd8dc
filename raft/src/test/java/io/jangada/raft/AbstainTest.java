// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.tracker.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has forgotten what it promised gives no vote, and is brought up to date from the beginning. */
class AbstainTest {
    private static TestNode abstaining() {
        TestNode node = TestNode.of(1, options -> options.preVote(true), 1, 2, 3);
        node.raft.step(new LocalEvent.Abstain(true));
        return node;
    }

    @Test
    void givesNeitherVoteNorPreVote() {
        TestNode node = abstaining();
        node.raft.step(new Message.PreVoteRequest(2, 1, 1, TestNode.id(9, 1)));
        node.raft.step(new Message.VoteRequest(2, 1, 1, EntryId.ZERO, false));
        node.raft.step(new Message.VoteRequest(3, 1, 2, TestNode.id(9, 1), true));
        assertThat(node.messages()).containsExactly(
                new Message.PreVoteResponse(1, 2, 0, false),
                new Message.VoteResponse(1, 2, 1, false),
                new Message.VoteResponse(1, 3, 2, false));
        assertThat(node.raft.vote()).isZero();
    }

    @Test
    void doesNotCampaignUntilItMayVoteAgain() {
        TestNode node = abstaining();
        node.tick(100);
        node.raft.step(new LocalEvent.Campaign());
        assertThat(node.messages()).isEmpty();
        node.raft.step(new LocalEvent.Abstain(false));
        node.tick(100);
        assertThat(node.messages(Message.PreVoteRequest.class)).isNotEmpty();
    }

    @Test
    void holdsItsVoteInTheLeadersTermForGivenToTheLeader() {
        TestNode node = abstaining();
        node.raft.step(new Message.AppendRequest(2, 1, 5, EntryId.ZERO, List.of(), 0));
        assertThat(node.raft.vote()).isEqualTo(2);
        node.raft.step(new LocalEvent.Abstain(false));
        node.raft.step(new LocalEvent.ForgetLeader());
        node.messages();
        node.raft.step(new Message.VoteRequest(3, 1, 5, TestNode.id(9, 5), true));
        assertThat(node.messages()).containsExactly(new Message.VoteResponse(1, 3, 5, false));
    }

    @Test
    void acknowledgesWhatItHas() {
        TestNode node = abstaining();
        node.raft.step(new Message.AppendRequest(2, 1, 5, EntryId.ZERO,
                TestNode.entries(1, 5, 5), 1));
        assertThat(node.messages()).containsExactly(new Message.AppendResponse(1, 2, 5, 2));
        assertThat(node.raft.log().committed()).isEqualTo(1);
    }

    /** Its directory was rolled back to what an earlier leader had left there; the leader goes by what it had before. */
    @Test
    void takesAHeartbeatsWordForNothingThatItWasNotShown() {
        TestNode node = abstaining();
        node.raft.step(new Message.AppendRequest(3, 1, 4, EntryId.ZERO,
                TestNode.entries(1, 4, 4, 4), 1));
        node.raft.step(new Message.Heartbeat(2, 1, 5, 3, 0));
        assertThat(node.raft.log().committed()).isEqualTo(1);
        node.raft.step(new Message.AppendRequest(2, 1, 5, TestNode.id(1, 4),
                TestNode.entries(2, 5), 1));
        node.raft.step(new Message.Heartbeat(2, 1, 5, 9, 0));
        assertThat(node.raft.log().committed()).isEqualTo(2);
        assertThat(node.messages(Message.HeartbeatResponse.class)).hasSize(2);
        node.raft.step(new Message.AppendRequest(2, 1, 5, TestNode.id(2, 5),
                TestNode.entries(3, 5, 5), 2));
        node.raft.step(new LocalEvent.Abstain(false));
        node.raft.step(new Message.Heartbeat(2, 1, 5, 4, 0));
        assertThat(node.raft.log().committed()).isEqualTo(4);
    }

    @Test
    void aLeaderThatMustAbstainStepsDown() {
        TestNode node = TestNode.of(1, 1, 2, 3).leader();
        node.raft.step(new LocalEvent.Abstain(true));
        assertThat(node.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
    }

    @Test
    void aPeerThatForgotIsProbedFromTheEndOfItsLog() {
        TestNode node = TestNode.of(1, 1, 2, 3).leader();
        node.propose("one");
        node.propose("two");
        node.raft.step(new Message.AppendResponse(2, 1, 1, 3));
        node.messages();

        /* Without the news its refusal passes for an old one. */
        node.raft.step(new Message.AppendReject(2, 1, 1, 3, EntryId.ZERO));
        Progress progress = node.raft.tracker().progress(2).orElseThrow();
        assertThat(progress.match()).isEqualTo(3);

        node.raft.step(new LocalEvent.PeerForgot(2));
        assertThat(progress.match()).isZero();
        Message.AppendRequest probe = node
                .messages(Message.AppendRequest.class).getFirst();
        assertThat(probe.previous().index()).isEqualTo(3);
        node.raft.step(new Message.AppendReject(2, 1, 1, 3, TestNode.id(1, 1)));
        Message.AppendRequest next = node
                .messages(Message.AppendRequest.class).getFirst();
        assertThat(next.previous().index()).isEqualTo(1);
        assertThat(next.entries()).hasSize(2);
    }

    @Test
    void whoDoesNotLeadDoesNotCareWhoForgot() {
        TestNode node = TestNode.of(1, 1, 2, 3);
        node.raft.step(new LocalEvent.PeerForgot(2));
        TestNode leader = TestNode.of(1, 1, 2, 3).leader();
        leader.raft.step(new LocalEvent.PeerForgot(9));
        assertThat(node.messages()).isEmpty();
    }
}
