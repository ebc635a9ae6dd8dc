// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The tracer hears what the core does, in order and with the numbers of that moment. */
class TracerTest {
    private final RecordedTracer record = new RecordedTracer();

    private TestNode node(UnaryOperator<RaftConfig.Builder> options, long... voters) {
        return TestNode.of(1, builder -> options.apply(builder.tracer(record.tracer())), voters);
    }

    private TestNode node(long... voters) {
        return node(options -> options, voters);
    }

    /** A follower in term 3 whose stored log has entries of these terms. */
    private TestNode withLog(long... terms) {
        return TestNode.withLog(1, builder -> builder.tracer(record.tracer()),
                new HardState(3, 0, 0), terms, 1, 2, 3);
    }

    private void heard(String... lines) {
        assertThat(record.take()).containsExactly(lines);
    }

    private static Message.AppendRequest append(long term, EntryId previous, long commit,
            long... terms) {
        return new Message.AppendRequest(2, 1, term, previous,
                TestNode.entries(previous.index() + 1, terms), commit);
    }

    @Test
    void elections() {
        TestNode node = node(options -> options.preVote(true), 1, 2, 3);
        heard("switchedConfiguration voters=(1 2 3)",
                "becameFollower 0",
                "started voters=(1 2 3) 0 0 0 0/0");
        node.candidate();
        heard("electionStarted 0",
                "becamePreCandidate 0",
                "voteRequested PRE_VOTE 0/0 2 0",
                "voteRequested PRE_VOTE 0/0 3 0",
                "voteReceived PRE_VOTE 1 0",
                "votesCounted PRE_VOTE 1 0");
        node.raft.step(new Message.PreVoteResponse(2, 1, 1, true));
        node.messages();
        heard("voteReceived PRE_VOTE 2 0",
                "votesCounted PRE_VOTE 2 0",
                "becameCandidate 1",
                "voteRequested VOTE 0/0 2 1",
                "voteRequested VOTE 0/0 3 1",
                "voteReceived VOTE 1 1",
                "votesCounted VOTE 1 0");
        node.raft.step(new Message.VoteResponse(3, 1, 1, false));
        node.raft.step(new Message.VoteResponse(2, 1, 1, true));
        heard("refusalReceived VOTE 3 1",
                "votesCounted VOTE 1 1",
                "voteReceived VOTE 2 1",
                "votesCounted VOTE 2 1",
                "becameLeader 1");
        node.campaign();
        heard("campaignIgnoredAsLeader");
        node.raft.step(new Message.AppendResponse(9, 1, 1, 1));
        heard("progressMissing 9");
    }

    @Test
    void votes() {
        TestNode node = withLog(1, 2);
        heard("switchedConfiguration voters=(1 2 3)",
                "becameFollower 3",
                "started voters=(1 2 3) 3 0 0 2/2");
        node.raft.step(new Message.VoteRequest(2, 1, 4, TestNode.id(2, 2), false));
        node.raft.step(new Message.VoteRequest(3, 1, 4, TestNode.id(3, 2), false));
        node.raft.step(new Message.PreVoteRequest(3, 1, 2, TestNode.id(3, 2)));
        node.raft.step(new Message.HeartbeatResponse(3, 1, 2, 0));
        heard("higherTermReceived 3 VoteRequest",
                "becameFollower 4",
                "voteGranted VOTE 2/2 0 2 2/2 4",
                "voteRefused VOTE 2/2 2 3 2/3 4",
                "voteRefused PRE_VOTE 2/2 2 3 2/3 4",
                "lowerTermIgnored 4 HeartbeatResponse");
    }

    @Test
    void leases() {
        TestNode node = node(options -> options.checkQuorum(true), 1, 2, 3);
        node.follower(1, 2).tick(4);
        record.take();
        node.raft.step(new Message.VoteRequest(3, 1, 2, TestNode.id(3, 1), false));
        node.raft.step(new Message.PreVoteRequest(3, 1, 2, TestNode.id(3, 1)));
        heard("voteIgnoredInLease VOTE 0/0 0 3 1/3 1 6",
                "voteIgnoredInLease PRE_VOTE 0/0 0 3 1/3 1 6");
        node.leader();
        record.take();
        node.tick(10);
        node.tick(10);
        heard("quorumLost",
                "becameFollower 2");
    }

    @Test
    void campaignsThatAreRefused() {
        node(2, 3).campaign();
        heard("switchedConfiguration voters=(2 3)",
                "becameFollower 0",
                "started voters=(2 3) 0 0 0 0/0",
                "campaignIgnoredAsUnpromotable");
        TestNode node = node(1, 2);
        node.leader();
        node.propose(TestNode.change(ConfChangeType.ADD_NODE, 3));
        node.messages();
        node.raft.step(new Message.AppendResponse(2, 1, 1, 2));
        node.raft.becomeFollower(1, 2);
        record.take();
        node.campaign();
        node.raft.step(new Message.TimeoutNow(2, 1, 1));
        heard("campaignIgnoredForPendingConfChange 1",
                "timeoutNowReceived 2 1",
                "campaignIgnoredForPendingConfChange 1");
    }

    @Test
    void forgottenLeaders() {
        TestNode node = node(1, 2, 3);
        node.follower(1, 2);
        record.take();
        node.raft.step(new LocalEvent.ForgetLeader());
        node.raft.step(new LocalEvent.ForgetLeader());
        heard("leaderForgotten 2 1");
        TestNode leased = node(options -> options.checkQuorum(true).readOnly(ReadOnlyMode.LEASE),
                1, 2, 3).follower(1, 2);
        record.take();
        leased.raft.step(new LocalEvent.ForgetLeader());
        heard("forgetLeaderIgnored");
    }

    @Test
    void proposals() {
        TestNode node = node(options -> options.maxUncommittedBytes(8).forwardProposals(false),
                1, 2, 3);
        record.take();
        node.propose("data");
        node.follower(1, 2);
        node.propose("data");
        heard("proposalDropped NO_LEADER 0 0",
                "becameFollower 1",
                "proposalDropped FORWARDING_DISABLED 2 1");
        node.leader();
        record.take();
        node.propose(TestNode.change(ConfChangeType.ADD_NODE, 4));
        node.propose(TestNode.change(ConfChangeType.REMOVE_NODE, 4));
        node.propose("data data");
        heard("confChangeRefused V1 voters=(1 2 3) Pending[index=2, applied=0]",
                "uncommittedLimitReached");
    }

    @Test
    void appends() {
        TestNode node = withLog(1, 2, 2);
        record.take();
        node.raft.step(append(3, TestNode.id(5, 3), 0));
        node.raft.step(append(3, TestNode.id(1, 1), 0, 3, 3, 3));
        node.raft.step(append(3, TestNode.id(1, 1), 0, 3, 3, 3));
        heard("appendRefused 0 3/5 2",
                "conflictFound 3/2 2",
                "unstableReplaced 2");
        node.save();
        node.raft.step(new LocalEvent.StorageAppended(3, TestNode.id(9, 3), EntryId.ZERO));
        node.raft.step(new LocalEvent.StorageAppended(2, TestNode.id(4, 3), EntryId.ZERO));
        heard("stableEntryMissing 9",
                "staleAppendIgnored 3 2");
        node.raft.becomeFollower(4, 2);
        record.take();
        node.raft.step(append(4, TestNode.id(4, 3), 0, 3, 3, 3));
        node.raft.step(append(4, TestNode.id(5, 3), 0, 4));
        node.raft.step(new LocalEvent.StorageAppended(4, TestNode.id(6, 3), EntryId.ZERO));
        heard("conflictFound 4/6 3",
                "unstableTruncated 6",
                "stableEntryMismatched 3/6 4/6");
    }

    @Test
    void progress() {
        TestNode node = node(1, 2, 3).leader();
        record.take();
        node.raft.step(new Message.AppendReject(2, 1, 1, 0, EntryId.ZERO));
        node.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        node.propose("one");
        node.propose("two");
        node.raft.step(new Message.AppendReject(2, 1, 1, 3, TestNode.id(1, 1)));
        node.raft.step(new LocalEvent.Unreachable(2));
        node.raft.step(new LocalEvent.Unreachable(9));
        node.raft.step(new LocalEvent.PeerForgot(2));
        node.raft.step(new LocalEvent.PeerForgot(9));
        node.raft.step(new LocalEvent.SnapshotReport(9, true));
        node.raft.step(new Message.HeartbeatResponse(9, 1, 1, 0));
        node.raft.step(new Message.AppendReject(9, 1, 1, 3, TestNode.id(1, 1)));
        heard("appendRefusalReceived 0/0 2 0",
                "progressDecreased 2 StateProbe match=0 next=1",
                "appendRefusalReceived 1/1 2 3",
                "progressDecreased 2 StateReplicate match=1 next=2 inflight=2",
                "peerUnreachable 2 StateProbe match=1 next=2 paused",
                "progressMissing 9",
                "peerForgot 2 StateProbe match=0 next=4",
                "progressMissing 9",
                "progressMissing 9",
                "progressMissing 9",
                "progressMissing 9");
    }

    @Test
    void snapshots() {
        TestNode node = node(1, 2, 3);
        record.take();
        var snapshot = new Snapshot(TestNode.id(5, 1), TestNode.voters(1, 2, 3), Bytes.EMPTY);
        node.raft.step(new Message.InstallSnapshot(2, 1, 1, snapshot));
        node.raft.step(new Message.InstallSnapshot(2, 1, 1, snapshot));
        heard("higherTermReceived 0 InstallSnapshot",
                "becameFollower 1",
                "restoringSnapshot LogPositions[committed=0, applied=0, applying=0, unstableOffset=1, unstableInProgress=1, unstableCount=0] 1/5",
                "switchedConfiguration voters=(1 2 3)",
                "restoredSnapshot 5 1/5 1/5",
                "acceptedSnapshot 5 1/5",
                "ignoredSnapshot 5 1/5");
        node.raft.step(new LocalEvent.StorageAppended(1, TestNode.id(5, 1), EntryId.ZERO));
        node.raft.step(append(1, TestNode.id(5, 1), 0, 1, 1));
        node.raft.step(new Message.InstallSnapshot(2, 1, 1,
                new Snapshot(TestNode.id(6, 1), TestNode.voters(1, 2, 3), Bytes.EMPTY)));
        node.raft.step(new Message.InstallSnapshot(2, 1, 1,
                new Snapshot(TestNode.id(9, 1), TestNode.voters(2, 3), Bytes.EMPTY)));
        node.raft.step(new Message.InstallSnapshot(2, 1, 1, new Snapshot(TestNode.id(9, 1),
                new ConfState(List.of(1L), List.of(1L), List.of(), List.of(), false),
                Bytes.EMPTY)));
        heard("stableEntryMatchedSnapshot 5",
                "fastForwardedToSnapshot 6 1/7 1/6",
                "ignoredSnapshot 6 1/6",
                "snapshotWithoutMember 1/9",
                "ignoredSnapshot 6 1/9",
                "malformedDropped InstallSnapshot snapshot with an impossible configuration");
    }

    @Test
    void transfers() {
        TestNode node = node(1, 2, 3);
        record.take();
        node.raft.role().transferTo(2);
        node.raft.role().readIndex(1, Bytes.EMPTY);
        heard("transferDropped 0",
                "readDropped NO_LEADER 0");
        node.leader();
        node.raft.membership().apply(TestNode.change(ConfChangeType.ADD_LEARNER_NODE, 4));
        record.take();
        for (long target : new long[]{1, 2, 2, 3, 4, 9}) {
            node.raft.role().transferTo(target);
        }
        node.propose("data");
        heard("transferToSelfIgnored",
                "transferStarted 2 1",
                "transferRepeated 2 1",
                "transferReplaced 2 1",
                "transferStarted 3 1",
                "transferToLearnerIgnored",
                "progressMissing 9",
                "proposalDroppedInTransfer 3 1");
        node.raft.step(new Message.AppendResponse(3, 1, 1, 1));
        heard("timeoutNowSentAfterCatchUp 3");
        node.raft.becomeFollower(1, 2);
        record.take();
        node.raft.step(new Message.TimeoutNow(2, 1, 1));
        node.raft.step(new Message.TimeoutNow(2, 1, 2));
        node.raft.step(new Message.TimeoutNow(3, 1, 2));
        heard("timeoutNowReceived 2 1",
                "electionStarted 1",
                "becameCandidate 2",
                "voteRequested VOTE 1/1 2 2",
                "voteRequested VOTE 1/1 3 2",
                "timeoutNowIgnored 2 CANDIDATE 2",
                "timeoutNowIgnored 3 CANDIDATE 2");
    }
}
