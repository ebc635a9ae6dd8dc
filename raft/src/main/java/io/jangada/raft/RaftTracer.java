// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.TrackerConfig;

/**
 * Hears what one core does, at the moment it does it. The core logs nothing itself; log lines,
 * counters and the conformance harness's text come from here. Every method does nothing by default.
 *
 * <p>Called by the thread that steps the core. A {@link Progress} is live: read it during the call
 * and do not keep it. {@code term} is the member's own term and {@code last} its last entry, unless
 * said otherwise.
 */
public interface RaftTracer {
    /** Hears nothing. */
    RaftTracer NONE = new RaftTracer() {};

    // Start and roles.

    /** The core is made; {@code config} has its voters. */
    default void started(TrackerConfig config, long term, long commit, long applied,
            EntryId last) {}

    /** A configuration is in force from now on. */
    default void switchedConfiguration(TrackerConfig config) {}

    /** Follows from now on, perhaps again. */
    default void becameFollower(long term) {}

    /** Campaigns in the new term. */
    default void becameCandidate(long term) {}

    /** Asks for pre-votes; the term has not changed. */
    default void becamePreCandidate(long term) {}

    /** Leads. */
    default void becameLeader(long term) {}

    // Elections.

    /** An election, a pre-election or a transfer starts in the old term. */
    default void electionStarted(long term) {}

    /** A request for a vote is about to be queued; its term is {@code term}, plus one for a pre-vote. */
    default void voteRequested(VoteKind kind, EntryId last, long to, long term) {}

    /** Gives a vote; {@code vote} is the one held before. */
    default void voteGranted(VoteKind kind, EntryId last, long vote, long from, EntryId candidate,
            long term) {}

    /** Refuses a vote; {@code vote} is the one held before. */
    default void voteRefused(VoteKind kind, EntryId last, long vote, long from, EntryId candidate,
            long term) {}

    /** Ignores a request for a vote as a leader was heard {@code remainingTicks} short of a timeout ago. */
    default void voteIgnoredInLease(VoteKind kind, EntryId last, long vote, long from,
            EntryId candidate, long term, int remainingTicks) {}

    /** Ignores a request for a vote, as this member has promised its leader not to vote. */
    default void voteIgnoredInPromise(VoteKind kind, long from, EntryId candidate, long term) {}

    /** A vote has arrived. */
    default void voteReceived(VoteKind kind, long from, long term) {}

    /** A refusal has arrived. */
    default void refusalReceived(VoteKind kind, long from, long term) {}

    /** All votes so far. */
    default void votesCounted(VoteKind kind, int granted, int refused) {}

    /** Asked to campaign while leading. */
    default void campaignIgnoredAsLeader() {}

    /** Asked to campaign while not a voter, or while a snapshot is not yet saved. */
    default void campaignIgnoredAsUnpromotable() {}

    /** Asked to campaign with committed changes of membership not yet applied. */
    default void campaignIgnoredForPendingConfChange(long term) {}

    /** Asked to campaign while this member has promised its leader not to. */
    default void campaignIgnoredInPromise(long term) {}

    /** The leader has not heard from a quorum for an election timeout. */
    default void quorumLost() {}

    /** The leader's own log writer has done nothing for an election timeout: it no longer leads. */
    default void storageStalled(long term) {}

    /** Told to forget the leader, and does. */
    default void leaderForgotten(long leader, long term) {}

    /** Told to forget the leader, which lease reads forbid. */
    default void forgetLeaderIgnored() {}

    // Terms.

    /** {@code message} has a higher term, which this member now takes over; {@code term} is the old one. */
    default void higherTermReceived(long term, Message message) {}

    /** {@code message} has a lower term and is dropped. */
    default void lowerTermIgnored(long term, Message message) {}

    /** A storage acknowledgement of the earlier term {@code appendTerm} says nothing about the log. */
    default void staleAppendIgnored(long term, long appendTerm) {}

    /** A message from {@code from}, which the leader does not track. */
    default void progressMissing(long from) {}

    /** {@code message} is one that no correct member sends in this state. */
    default void malformedDropped(Message message, String flaw) {}

    // Proposals.

    /** A proposal is dropped; {@code leader} is 0 if none is known. */
    default void proposalDropped(DropReason reason, long leader, long term) {}

    /** A proposal is dropped as it would exceed the limit on uncommitted bytes. */
    default void uncommittedLimitReached() {}

    /** A proposal is dropped while leadership goes to {@code target}. */
    default void proposalDroppedInTransfer(long target, long term) {}

    /** A change of membership becomes an empty entry. */
    default void confChangeRefused(ConfChange change, TrackerConfig config,
            ConfChangeRefusal refusal) {}

    /** The leader has proposed to leave the joint configuration. */
    default void leavingJoint(TrackerConfig config) {}

    /** The leader wanted to leave the joint configuration, but its proposal was dropped. */
    default void leavingJointDropped(TrackerConfig config) {}

    // Replication.

    /** An append does not fit; {@code ownTerm} is this log's term at the index, 0 if unknown. */
    default void appendRefused(long ownTerm, EntryId previous, long from) {}

    /** An append is refused as {@code unstableBytes} wait for storage already. */
    default void appendRefusedForRoom(long unstableBytes, EntryId previous, long from) {}

    /** A refusal of an append has arrived. */
    default void appendRefusalReceived(EntryId hint, long from, long index) {}

    /** The next index of {@code from} went down. */
    default void progressDecreased(long from, Progress progress) {}

    /** A snapshot is about to be sent; {@code progress} is still as before. */
    default void snapshotSent(long firstIndex, long commit, EntryId snapshot, long to,
            Progress progress) {}

    /** {@code to} gets nothing until it has the snapshot. */
    default void replicationPausedForSnapshot(long to, Progress progress) {}

    /** {@code from} no longer needs the snapshot; {@code progress} is still as before. */
    default void snapshotNoLongerNeeded(long from, Progress progress) {}

    /** {@code to} needs a snapshot but is not active. */
    default void snapshotNotSentToInactive(long to) {}

    /** {@code to} needs a snapshot, which is being made. */
    default void snapshotNotAvailable(long to) {}

    /** {@code from} has got the snapshot. */
    default void snapshotDelivered(long from, Progress progress) {}

    /** {@code from} has not got the snapshot. */
    default void snapshotFailed(long from, Progress progress) {}

    /** Nothing reaches {@code from}. */
    default void peerUnreachable(long from, Progress progress) {}

    /** {@code from} has lost part of its log; what is known of it begins anew. */
    default void peerForgot(long from, Progress progress) {}

    // Snapshots received.

    /** The log has begun to restore a snapshot; the numbers are those before. */
    default void restoringSnapshot(LogPositions before, EntryId snapshot) {}

    /** The log and the configuration are those of the snapshot. */
    default void restoredSnapshot(long commit, EntryId last, EntryId snapshot) {}

    /** The snapshot is taken over: the answer comes next. */
    default void acceptedSnapshot(long commit, EntryId snapshot) {}

    /** The snapshot brings nothing. */
    default void ignoredSnapshot(long commit, EntryId snapshot) {}

    /** The log has the snapshot's last entry: only the commit index moves. */
    default void fastForwardedToSnapshot(long commit, EntryId last, EntryId snapshot) {}

    /** The snapshot's configuration does not have this member. */
    default void snapshotWithoutMember(EntryId snapshot) {}

    // The log.

    /** An entry received replaces the one at its index, of {@code existingTerm}. */
    default void conflictFound(EntryId received, long existingTerm) {}

    /** The whole unstable log is replaced, from {@code index} on. */
    default void unstableReplaced(long index) {}

    /** The unstable log is cut before {@code index} and goes on with other entries. */
    default void unstableTruncated(long index) {}

    /** Storage acknowledges an entry that is not in the unstable log. */
    default void stableEntryMissing(long index) {}

    /** Storage acknowledges the index of the unstable snapshot. */
    default void stableEntryMatchedSnapshot(long index) {}

    /** Storage acknowledges an entry that was replaced meanwhile by {@code present}. */
    default void stableEntryMismatched(EntryId acknowledged, EntryId present) {}

    // Transfers.

    /** Leadership goes to {@code to}. */
    default void transferStarted(long to, long term) {}

    /** {@code to} is up to date and has been told to campaign. */
    default void timeoutNowSent(long to) {}

    /** {@code to} has caught up and has been told to campaign. */
    default void timeoutNowSentAfterCatchUp(long to) {}

    /** The target is a learner. */
    default void transferToLearnerIgnored() {}

    /** A transfer to the same target is under way. */
    default void transferRepeated(long to, long term) {}

    /** The earlier transfer to {@code to} is given up. */
    default void transferReplaced(long to, long term) {}

    /** The target leads already. */
    default void transferToSelfIgnored() {}

    /** Told to campaign at once. */
    default void timeoutNowReceived(long from, long term) {}

    /** Told to campaign at once, but not a follower. */
    default void timeoutNowIgnored(long from, RoleName role, long term) {}

    /** A request for a transfer is dropped: nobody is known to lead. */
    default void transferDropped(long term) {}

    // Reads.

    /** A read is dropped; {@code leader} is 0 if none is known. */
    default void readDropped(DropReason reason, long term) {}
}
