// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lease reads: when they are answered at once, and when a quorum is asked (Raft thesis 6.4.1). */
final class LeaseTest {
    private static final Bytes READ = Bytes.utf8("read");
    private static final long PROMISE = 1_000;
    private static final long LEASE = 800;

    private static RaftConfig.Builder leases(RaftConfig.Builder options) {
        return options.readOnly(ReadOnlyMode.LEASE).checkQuorum(true).leasePromiseNanos(PROMISE)
                .leaseDriftPercent(20);
    }

    private static TestNode at(TestNode node, long nanos) {
        node.raft.lease().timeIs(nanos);
        return node;
    }

    /** Leads 1, 2 and 3 at time {@code nanos}, its first entry committed. */
    private static TestNode leader(long nanos) {
        TestNode leader = at(TestNode.of(1, LeaseTest::leases, 1, 2, 3), nanos).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.messages();
        return leader;
    }

    private static long heartbeat(TestNode leader) {
        leader.tick(1);
        return leader.messages(Message.Heartbeat.class).getFirst().readPosition();
    }

    private static boolean isAnsweredAtOnce(TestNode leader) {
        leader.raft.readStates().clear();
        assertThat(leader.raft.role().readIndex(1, READ))
                .isEqualTo(new ReadOutcome.Accepted(1));
        return !leader.raft.readStates().isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000, Long.MAX_VALUE - 500})
    void runsFromTheSendTimeOfHeartbeatsThatAQuorumEchoes(long start) {
        TestNode leader = leader(start);
        long position = heartbeat(leader);
        at(leader, start + 700); // The echo is slow.
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, position));
        at(leader, start + LEASE - 1);
        assertThat(isAnsweredAtOnce(leader)).as("within the lease").isTrue();
        at(leader, start + LEASE);
        assertThat(isAnsweredAtOnce(leader)).as("measured from the echo it would hold").isFalse();
    }

    @Test
    void readsFallBackToAQuorumAndOpenTheLeaseAgain() {
        TestNode leader = leader(0);
        assertThat(isAnsweredAtOnce(leader)).isFalse();
        long position = leader.messages(Message.Heartbeat.class).getFirst().readPosition();
        at(leader, 100);
        leader.raft.step(new Message.HeartbeatResponse(3, 1, 1, position));
        assertThat(leader.raft.readStates()).containsExactly(new ReadState(1, READ));
        at(leader, LEASE - 1);
        assertThat(isAnsweredAtOnce(leader)).isTrue();
        at(leader, LEASE);
        assertThat(isAnsweredAtOnce(leader)).isFalse();
    }

    @Test
    void heartbeatsKeepItOpenWithoutReads() {
        TestNode leader = leader(0);
        for (long now = 0; now < 10 * PROMISE; now += 100) {
            at(leader, now);
            leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, heartbeat(leader)));
            assertThat(isAnsweredAtOnce(leader)).as("at %d", now).isTrue();
        }
    }

    @Test
    void aMinorityDoesNotOpenIt() {
        TestNode leader = at(TestNode.of(1, LeaseTest::leases, 1, 2, 3, 4, 5), 0).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.raft.step(new Message.AppendResponse(3, 1, 1, 1));
        leader.messages();
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, heartbeat(leader)));
        assertThat(isAnsweredAtOnce(leader)).isFalse();
    }

    @Test
    void aPauseOfTheLeaderEndsIt() {
        TestNode leader = leader(0);
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, heartbeat(leader)));
        assertThat(isAnsweredAtOnce(leader)).isTrue();
        // Stopped for two seconds: not one tick has passed, the time is told with the next input.
        at(leader, 2 * PROMISE);
        assertThat(isAnsweredAtOnce(leader)).isFalse();
    }

    @Test
    void withoutBeingToldTheTimeThereIsNone() {
        TestNode leader = TestNode.of(1, LeaseTest::leases, 1, 2, 3);
        leader.raft.becomeCandidate();
        leader.raft.becomeLeader();
        leader.messages();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, heartbeat(leader)));
        assertThat(isAnsweredAtOnce(leader)).isFalse();
    }

    @Test
    void timeThatGoesBackDoesNotStretchIt() {
        TestNode leader = leader(0);
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, heartbeat(leader)));
        at(leader, LEASE);
        at(leader, 1);
        assertThat(isAnsweredAtOnce(leader)).isFalse();
    }

    @Test
    void aTransferGivesItUpForGood() {
        TestNode leader = leader(0);
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, heartbeat(leader)));
        assertThat(isAnsweredAtOnce(leader)).isTrue();
        leader.raft.transferRequests().begin(2);
        assertThat(leader.messages(Message.TimeoutNow.class)).hasSize(1);
        assertThat(isAnsweredAtOnce(leader)).isFalse();
        leader.tick(10);
        assertThat(leader.raft.transferTarget()).as("given up").isZero();
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, heartbeat(leader)));
        assertThat(isAnsweredAtOnce(leader)).as("2 may still campaign").isFalse();
    }

    @Test
    void aChangeOfMembershipGivesItUp() {
        TestNode leader = leader(0);
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, heartbeat(leader)));
        leader.apply(ConfChangeType.ADD_NODE, 4);
        leader.messages();
        assertThat(isAnsweredAtOnce(leader)).isFalse();
        long position = leader.messages(Message.Heartbeat.class).getFirst().readPosition();
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, position));
        assertThat(isAnsweredAtOnce(leader)).as("2 of 4").isFalse();
        leader.raft.step(new Message.HeartbeatResponse(4, 1, 1, position));
        assertThat(isAnsweredAtOnce(leader)).as("3 of 4").isTrue();
    }

    @Test
    void renewalsThatNobodyEchoesAreBoundedAndTakeNoReadsRoom() {
        TestNode leader = at(TestNode.of(1, options -> leases(options).pendingReadsMax(1)
                .electionTimeoutTicks(1_000), 1, 2, 3), 0).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        for (int i = 0; i < 100; i++) {
            heartbeat(leader);
        }
        assertThat(leader.raft.readPosition()).isLessThan(20);
        assertThat(leader.raft.role().readIndex(1, READ)).isEqualTo(new ReadOutcome.Accepted(1));
        assertThat(leader.raft.role().readIndex(1, READ))
                .isEqualTo(new ReadOutcome.Dropped(DropReason.OVERLOADED, 1));
    }

    // The other side: who has heard the leader.

    private static TestNode follower(long nanos) {
        TestNode follower = at(TestNode.of(2, LeaseTest::leases, 1, 2, 3), nanos);
        at(follower, nanos + PROMISE); // What it may have promised before its start is over.
        follower.raft.step(new Message.Heartbeat(1, 2, 1, 0, 1));
        follower.messages();
        return follower;
    }

    private static Message voteRequest(long term, boolean transfer) {
        return new Message.VoteRequest(3, 2, term, TestNode.id(9, 1), transfer);
    }

    @Test
    void whoHeardTheLeaderDoesNotVoteBeforeThePromiseIsOver() {
        TestNode follower = follower(0);
        follower.tick(9); // Ticks may come in bursts: they do not count.
        follower.raft.forgetLeader();
        at(follower, 2 * PROMISE - 1);
        follower.raft.step(voteRequest(2, false));
        follower.raft.step(new Message.PreVoteRequest(3, 2, 2, TestNode.id(9, 1)));
        assertThat(follower.messages()).isEmpty();
        assertThat(follower.raft.term()).isEqualTo(1);
        at(follower, 2 * PROMISE);
        follower.raft.step(voteRequest(2, false));
        assertThat(follower.messages())
                .containsExactly(new Message.VoteResponse(2, 3, 2, true));
    }

    @Test
    void norInATermThatItLearnsOfMeanwhile() {
        TestNode follower = follower(0);
        follower.raft.becomeFollower(5, 0);
        follower.raft.step(voteRequest(5, false));
        assertThat(follower.messages()).isEmpty();
    }

    @Test
    void theLeaderItselfMayAskForAnElection() {
        TestNode follower = follower(0);
        follower.raft.step(voteRequest(2, true));
        assertThat(follower.messages())
                .containsExactly(new Message.VoteResponse(2, 3, 2, true));
    }

    @Test
    void whoHeardTheLeaderDoesNotCampaignBeforeThePromiseIsOver() {
        TestNode follower = follower(0);
        follower.campaign();
        follower.tick(50);
        assertThat(follower.raft.roleName()).isEqualTo(RoleName.FOLLOWER);
        at(follower, 2 * PROMISE);
        follower.tick(1);
        assertThat(follower.raft.roleName()).isEqualTo(RoleName.CANDIDATE);
    }

    @Test
    void whoHasJustStartedMayHavePromised() {
        TestNode node = TestNode.of(2, LeaseTest::leases, 1, 2, 3);
        node.raft.step(voteRequest(2, false));
        assertThat(node.messages()).as("does not know the time").isEmpty();
        at(node, 77);
        node.raft.step(voteRequest(2, false));
        assertThat(node.messages()).isEmpty();
        at(node, 77 + PROMISE);
        node.raft.step(voteRequest(2, false));
        assertThat(node.messages()).hasSize(1);
    }

    @Test
    void inSafeModeTimeMeansNothing() {
        TestNode node = at(TestNode.of(2, options -> options.leasePromiseNanos(PROMISE), 1, 2, 3),
                0);
        node.raft.step(new Message.Heartbeat(1, 2, 1, 0, 0));
        node.campaign();
        assertThat(node.raft.roleName()).isEqualTo(RoleName.CANDIDATE);
    }
}
