// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import static io.jangada.conformance.Text.hex;

import io.jangada.conformance.Output.Level;
import io.jangada.raft.ConfChangeRefusal;
import io.jangada.raft.DropReason;
import io.jangada.raft.LogPositions;
import io.jangada.raft.RaftTracer;
import io.jangada.raft.RoleName;
import io.jangada.raft.VoteKind;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.TrackerConfig;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Makes the lines of one node's log from what its core does. */
final class TraceLog implements RaftTracer {
    private final String id;
    private final Output out;

    TraceLog(long id, Output out) {
        this.id = hex(id);
        this.out = out;
    }

    private void debug(String line) {
        out.log(Level.DEBUG, line);
    }

    private void info(String line) {
        out.log(Level.INFO, line);
    }

    private void warn(String line) {
        out.log(Level.WARN, line);
    }

    private static String request(VoteKind kind) {
        return switch (kind) {
            case VOTE -> "MsgVote";
            case PRE_VOTE -> "MsgPreVote";
        };
    }

    private static String log(EntryId last) {
        return "[logterm: " + last.term() + ", index: " + last.index() + "]";
    }

    private static String snapshot(EntryId snapshot) {
        return "snapshot [index: " + snapshot.index() + ", term: " + snapshot.term() + "]";
    }

    @Override
    public void started(TrackerConfig config, long term, long commit, long applied, EntryId last) {
        String peers = Arrays.stream(config.voters().voters().toArray()).mapToObj(Text::hex)
                .collect(Collectors.joining(","));
        info("newRaft " + id + " [peers: [" + peers + "], term: " + term + ", commit: " + commit
                + ", applied: " + applied + ", lastindex: " + last.index() + ", lastterm: "
                + last.term() + "]");
    }

    @Override
    public void switchedConfiguration(TrackerConfig config) {
        info(id + " switched to configuration " + config);
    }

    @Override
    public void becameFollower(long term) {
        info(id + " became follower at term " + term);
    }

    @Override
    public void becameCandidate(long term) {
        info(id + " became candidate at term " + term);
    }

    @Override
    public void becamePreCandidate(long term) {
        info(id + " became pre-candidate at term " + term);
    }

    @Override
    public void becameLeader(long term) {
        info(id + " became leader at term " + term);
    }

    @Override
    public void electionStarted(long term) {
        info(id + " is starting a new election at term " + term);
    }

    @Override
    public void voteRequested(VoteKind kind, EntryId last, long to, long term) {
        info(id + " " + log(last) + " sent " + request(kind) + " request to " + hex(to)
                + " at term " + term);
    }

    @Override
    public void voteGranted(VoteKind kind, EntryId last, long vote, long from, EntryId candidate,
            long term) {
        info(voteLine("cast", " for ", kind, last, vote, from, candidate, term));
    }

    @Override
    public void voteRefused(VoteKind kind, EntryId last, long vote, long from, EntryId candidate,
            long term) {
        info(voteLine("rejected", " from ", kind, last, vote, from, candidate, term));
    }

    @Override
    public void voteIgnoredInLease(VoteKind kind, EntryId last, long vote, long from,
            EntryId candidate, long term, int remainingTicks) {
        info(voteLine("ignored", " from ", kind, last, vote, from, candidate, term)
                + ": lease is not expired (remaining ticks: " + remainingTicks + ")");
    }

    private String voteLine(String verb, String preposition, VoteKind kind, EntryId last,
            long vote, long from, EntryId candidate, long term) {
        return id + " [logterm: " + last.term() + ", index: " + last.index() + ", vote: "
                + hex(vote) + "] " + verb + " " + request(kind) + preposition + hex(from) + " "
                + log(candidate) + " at term " + term;
    }

    @Override
    public void voteReceived(VoteKind kind, long from, long term) {
        info(id + " received " + request(kind) + "Resp from " + hex(from) + " at term " + term);
    }

    @Override
    public void refusalReceived(VoteKind kind, long from, long term) {
        info(id + " received " + request(kind) + "Resp rejection from " + hex(from) + " at term "
                + term);
    }

    @Override
    public void votesCounted(VoteKind kind, int granted, int refused) {
        info(id + " has received " + granted + " " + request(kind) + "Resp votes and " + refused
                + " vote rejections");
    }

    @Override
    public void campaignIgnoredAsLeader() {
        debug(id + " ignoring MsgHup because already leader");
    }

    @Override
    public void campaignIgnoredAsUnpromotable() {
        warn(id + " is unpromotable and can not campaign");
    }

    @Override
    public void campaignIgnoredForPendingConfChange(long term) {
        warn(id + " cannot campaign at term " + term
                + " since there are still pending configuration changes to apply");
    }

    @Override
    public void quorumLost() {
        warn(id + " stepped down to follower since quorum is not active");
    }

    @Override
    public void leaderForgotten(long leader, long term) {
        info(id + " forgetting leader " + hex(leader) + " at term " + term);
    }

    @Override
    public void forgetLeaderIgnored() {
        out.log(Level.ERROR, "ignoring MsgForgetLeader due to ReadOnlyLeaseBased");
    }

    @Override
    public void higherTermReceived(long term, Message message) {
        info(id + " [term: " + term + "] received a " + Text.type(message)
                + " message with higher term from " + hex(message.from()) + " [term: "
                + message.term() + "]");
    }

    @Override
    public void lowerTermIgnored(long term, Message message) {
        info(id + " [term: " + term + "] ignored a " + Text.type(message)
                + " message with lower term from " + hex(message.from()) + " [term: "
                + message.term() + "]");
    }

    @Override
    public void staleAppendIgnored(long term, long appendTerm) {
        info(id + " [term: " + term + "] ignored entry appends from a MsgStorageAppendResp"
                + " message with lower term [term: " + appendTerm + "]");
    }

    @Override
    public void progressMissing(long from) {
        debug(id + " no progress available for " + hex(from));
    }

    @Override
    public void malformedDropped(Message message, String flaw) {
        out.log(Level.ERROR, id + " dropped " + Text.message(message) + ": " + flaw);
    }

    @Override
    public void proposalDropped(DropReason reason, long leader, long term) {
        if (reason == DropReason.NO_LEADER) {
            info(id + " no leader at term " + term + "; dropping proposal");
        } else if (reason == DropReason.FORWARDING_DISABLED) {
            info(id + " not forwarding to leader " + hex(leader) + " at term " + term
                    + "; dropping proposal");
        }
    }

    @Override
    public void uncommittedLimitReached() {
        warn(id + " appending new entries to log would exceed uncommitted entry size limit;"
                + " dropping proposal");
    }

    @Override
    public void proposalDroppedInTransfer(long target, long term) {
        debug(id + " [term " + term + "] transfer leadership to " + hex(target)
                + " is in progress; dropping proposal");
    }

    @Override
    public void confChangeRefused(ConfChange change, TrackerConfig config,
            ConfChangeRefusal refusal) {
        String reason = switch (refusal) {
            case ConfChangeRefusal.Pending p -> "possible unapplied conf change at index "
                    + p.index() + " (applied to " + p.applied() + ")";
            case ConfChangeRefusal.MustLeaveJoint ignored -> "must transition out of joint config"
                    + " first";
            case ConfChangeRefusal.NotJoint ignored -> "not in joint state; refusing empty conf"
                    + " change";
            case ConfChangeRefusal.Impossible impossible -> impossible.explanation();
        };
        info(id + " ignoring conf change " + change(change) + " at config " + config + ": "
                + reason);
    }

    private static String change(ConfChange change) {
        String transition = switch (change.transition()) {
            case AUTO -> "Auto";
            case JOINT_IMPLICIT -> "JointImplicit";
            case JOINT_EXPLICIT -> "JointExplicit";
        };
        var text = new StringBuilder("transition:ConfChangeTransition").append(transition);
        for (ConfChangeSingle single : change.changes()) {
            text.append(" changes:{type:ConfChange").append(switch (single.type()) {
                case ADD_NODE -> "AddNode";
                case ADD_LEARNER_NODE -> "AddLearnerNode";
                case REMOVE_NODE -> "RemoveNode";
                case UPDATE_NODE -> "UpdateNode";
            }).append(" node_id:").append(single.nodeId()).append('}');
        }
        if (!change.context().isEmpty()) {
            text.append(" context:").append(Quote.quote(change.context()));
        }
        return text.toString();
    }

    @Override
    public void leavingJoint(TrackerConfig config) {
        info("initiating automatic transition out of joint configuration " + config);
    }

    @Override
    public void leavingJointDropped(TrackerConfig config) {
        debug("not initiating automatic transition out of joint configuration " + config
                + ": raft proposal dropped");
    }

    @Override
    public void appendRefused(long ownTerm, EntryId previous, long from) {
        debug(id + " [logterm: " + ownTerm + ", index: " + previous.index()
                + "] rejected MsgApp " + log(previous) + " from " + hex(from));
    }

    @Override
    public void appendRefusalReceived(EntryId hint, long from, long index) {
        debug(id + " received MsgAppResp(rejected, hint: (index " + hint.index() + ", term "
                + hint.term() + ")) from " + hex(from) + " for index " + index);
    }

    @Override
    public void progressDecreased(long from, Progress progress) {
        debug(id + " decreased progress of " + hex(from) + " to [" + progress + "]");
    }

    @Override
    public void snapshotSent(long firstIndex, long commit, EntryId sent, long to,
            Progress progress) {
        debug(id + " [firstindex: " + firstIndex + ", commit: " + commit
                + "] sent snapshot[index: " + sent.index() + ", term: " + sent.term() + "] to "
                + hex(to) + " [" + progress + "]");
    }

    @Override
    public void replicationPausedForSnapshot(long to, Progress progress) {
        debug(id + " paused sending replication messages to " + hex(to) + " [" + progress + "]");
    }

    @Override
    public void snapshotNoLongerNeeded(long from, Progress progress) {
        debug(id + " recovered from needing snapshot, resumed sending replication messages to "
                + hex(from) + " [" + progress + "]");
    }

    @Override
    public void snapshotNotSentToInactive(long to) {
        debug("ignore sending snapshot to " + hex(to) + " since it is not recently active");
    }

    @Override
    public void snapshotNotAvailable(long to) {
        debug(id + " failed to send snapshot to " + hex(to)
                + " because snapshot is temporarily unavailable");
    }

    @Override
    public void snapshotDelivered(long from, Progress progress) {
        debug(id + " snapshot succeeded, resumed sending replication messages to " + hex(from)
                + " [" + progress + "]");
    }

    @Override
    public void snapshotFailed(long from, Progress progress) {
        debug(id + " snapshot failed, resumed sending replication messages to " + hex(from) + " ["
                + progress + "]");
    }

    @Override
    public void peerUnreachable(long from, Progress progress) {
        debug(id + " failed to send message to " + hex(from) + " because it is unreachable ["
                + progress + "]");
    }

    @Override
    public void restoringSnapshot(LogPositions before, EntryId restored) {
        info("log [committed=" + before.committed() + ", applied=" + before.applied()
                + ", applying=" + before.applying() + ", unstable.offset="
                + before.unstableOffset() + ", unstable.offsetInProgress="
                + before.unstableInProgress() + ", len(unstable.Entries)="
                + before.unstableCount() + "] starts to restore " + snapshot(restored));
    }

    @Override
    public void restoredSnapshot(long commit, EntryId last, EntryId restored) {
        info(id + " " + position(commit, last) + " restored " + snapshot(restored));
    }

    @Override
    public void acceptedSnapshot(long commit, EntryId accepted) {
        info(id + " [commit: " + commit + "] restored " + snapshot(accepted));
    }

    @Override
    public void ignoredSnapshot(long commit, EntryId ignored) {
        info(id + " [commit: " + commit + "] ignored " + snapshot(ignored));
    }

    @Override
    public void fastForwardedToSnapshot(long commit, EntryId last, EntryId reached) {
        info(id + " " + position(commit, last) + " fast-forwarded commit to "
                + snapshot(reached));
    }

    private static String position(long commit, EntryId last) {
        return "[commit: " + commit + ", lastindex: " + last.index() + ", lastterm: "
                + last.term() + "]";
    }

    @Override
    public void snapshotWithoutMember(EntryId received) {
        warn(id + " is not in the configuration of " + snapshot(received));
    }

    @Override
    public void conflictFound(EntryId received, long existingTerm) {
        info("found conflict at index " + received.index() + " [existing term: " + existingTerm
                + ", conflicting term: " + received.term() + "]");
    }

    @Override
    public void unstableReplaced(long index) {
        info("replace the unstable entries from index " + index);
    }

    @Override
    public void unstableTruncated(long index) {
        info("truncate the unstable entries before index " + index);
    }

    @Override
    public void stableEntryMissing(long index) {
        info("entry at index " + index + " missing from unstable log; ignoring");
    }

    @Override
    public void stableEntryMatchedSnapshot(long index) {
        info("entry at index " + index + " matched unstable snapshot; ignoring");
    }

    @Override
    public void stableEntryMismatched(EntryId acknowledged, EntryId present) {
        info("entry at (index,term)=(" + acknowledged.index() + "," + acknowledged.term()
                + ") mismatched with entry at (" + present.index() + "," + present.term()
                + ") in unstable log; ignoring");
    }

    @Override
    public void transferStarted(long to, long term) {
        info(id + " [term " + term + "] starts to transfer leadership to " + hex(to));
    }

    @Override
    public void timeoutNowSent(long to) {
        info(id + " sends MsgTimeoutNow to " + hex(to) + " immediately as " + hex(to)
                + " already has up-to-date log");
    }

    @Override
    public void timeoutNowSentAfterCatchUp(long to) {
        info(id + " sent MsgTimeoutNow to " + hex(to) + " after received MsgAppResp");
    }

    @Override
    public void transferToLearnerIgnored() {
        debug(id + " is learner. Ignored transferring leadership");
    }

    @Override
    public void transferRepeated(long to, long term) {
        info(id + " [term " + term + "] transfer leadership to " + hex(to)
                + " is in progress, ignores request to same node " + hex(to));
    }

    @Override
    public void transferReplaced(long to, long term) {
        info(id + " [term " + term + "] abort previous transferring leadership to " + hex(to));
    }

    @Override
    public void transferToSelfIgnored() {
        debug(id + " is already leader. Ignored transferring leadership to self");
    }

    @Override
    public void timeoutNowReceived(long from, long term) {
        info(id + " [term " + term + "] received MsgTimeoutNow from " + hex(from)
                + " and starts an election to get leadership.");
    }

    @Override
    public void timeoutNowIgnored(long from, RoleName role, long term) {
        debug(id + " [term " + term + " state " + Text.role(role) + "] ignored MsgTimeoutNow from "
                + hex(from));
    }

    @Override
    public void transferDropped(long term) {
        info(id + " no leader at term " + term + "; dropping leader transfer msg");
    }

    @Override
    public void readDropped(DropReason reason, long term) {
        if (reason == DropReason.NO_LEADER) {
            info(id + " no leader at term " + term + "; dropping index reading msg");
        }
    }
}
