// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.Replicator.Empty;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.ProgressState;

/**
 * What a leader does with each message: takes {@link Proposals}, has them sent by the {@link Replicator},
 * commits what a quorum has, answers reads by {@link ReadOnly} and hands over by {@link LeaderTransfer}
 * (Raft thesis 3.5, 3.10, 6).
 */
final class Leader implements Role {
    private final Raft raft;
    private final Replicator replicator;
    private final LeaderTransfer transfer = new LeaderTransfer();
    private final ReadOnly reads;
    private final Proposals proposals;
    private int heartbeatElapsedTicks;

    Leader(Raft raft) {
        this.raft = raft;
        replicator = raft.replicator();
        reads = new ReadOnly(raft, transfer);
        proposals = new Proposals(raft);
    }

    @Override
    public RoleName name() {
        return RoleName.LEADER;
    }

    LeaderTransfer transfer() {
        return transfer;
    }

    ReadOnly reads() {
        return reads;
    }

    Proposals proposals() {
        return proposals;
    }

    // Time.

    @Override
    public void tick() {
        heartbeatElapsedTicks++;
        int timeoutTicks = raft.config().electionTimeoutTicks();
        raft.election().elapse();
        if (raft.election().elapsedTicks() >= timeoutTicks) {
            raft.election().restartTimer();
            if (!mayGoOn()) {
                raft.becomeFollower(raft.term(), 0);
                return;
            }
        }
        if (transfer.isOverAtTick(timeoutTicks)) {
            abandonTransfer(TransferEnd.Result.TIMED_OUT);
        }
        if (heartbeatElapsedTicks >= raft.config().heartbeatTicks()) {
            heartbeatElapsedTicks = 0;
            reads.renewLease();
            replicator.broadcastHeartbeat();
        }
    }

    /** Once per election timeout: whether this member is still fit to lead. */
    private boolean mayGoOn() {
        if (raft.config().checkQuorum() && !checkQuorum()) {
            return false;
        }
        if (raft.config().stepDownOnStalledStorage() && raft.storageEvents().checkStalled()) {
            raft.tracer().storageStalled(raft.term());
            return false;
        }
        return true;
    }

    /** Whether a quorum was heard since the last check (Raft thesis 6.2). */
    private boolean checkQuorum() {
        Progress own = raft.progress(raft.id());
        if (own != null) {
            own.setRecentActive(true);
        }
        boolean active = raft.tracker().isQuorumActive();
        if (!active) {
            raft.tracer().quorumLost();
        }
        for (long peer : raft.tracker().ids()) {
            Progress progress = raft.progress(peer);
            if (peer != raft.id() && progress != null) {
                progress.setRecentActive(false);
            }
        }
        return active;
    }

    // Proposals.

    @Override
    public ProposeOutcome propose(Message.Propose proposal) {
        if (raft.progress(raft.id()) == null) {
            return dropped(DropReason.NOT_A_MEMBER);
        }
        if (transfer.isPending()) {
            raft.tracer().proposalDroppedInTransfer(transfer.target(), raft.term());
            return dropped(DropReason.TRANSFER_IN_PROGRESS);
        }
        ProposeOutcome outcome = proposals.take(proposal);
        if (outcome instanceof ProposeOutcome.Appended) {
            replicator.broadcastAppend(Empty.SEND);
        }
        return outcome;
    }

    private ProposeOutcome dropped(DropReason reason) {
        return new ProposeOutcome.Dropped(reason, raft.id());
    }

    // Answers to appends.

    @Override
    public StepOutcome handleAppendResponse(Message.AppendResponse message) {
        Progress progress = raft.progress(message.from());
        if (progress == null) {
            return raft.progressMissing(message.from());
        }
        if (message.index() > raft.log().lastIndex()) {
            return raft.malformed(message, "acknowledges entries that do not exist");
        }
        progress.setRecentActive(true);
        boolean probeAnswered = progress.match() == message.index()
                && progress.state() == ProgressState.PROBE;
        if (progress.maybeUpdate(message.index()) || probeAnswered) {
            followAcknowledgement(message, progress);
        }
        return StepOutcome.ACCEPTED;
    }

    private void followAcknowledgement(Message.AppendResponse message, Progress progress) {
        long peer = message.from();
        switch (progress.state()) {
            case PROBE -> progress.becomeReplicate();
            case SNAPSHOT -> maybeLeaveSnapshot(peer, progress);
            case REPLICATE -> progress.inflights().freeTo(message.index());
        }
        if (maybeCommit()) {
            replicator.broadcastAppend(Empty.SEND);
        } else if (peer != raft.id() && progress.canBumpCommit(raft.log().committed())) {
            replicator.sendAppend(peer, Empty.SEND);
        }
        if (peer != raft.id()) {
            replicator.sendAll(peer);
        }
        if (peer == transfer.target() && progress.match() == raft.log().lastIndex()) {
            raft.tracer().timeoutNowSentAfterCatchUp(peer);
            sendTimeoutNow(peer);
        }
    }

    /** Whatever snapshot was sent: once the log reaches what the peer has, appends do. */
    private void maybeLeaveSnapshot(long peer, Progress progress) {
        if (progress.match() + 1 >= raft.log().firstIndex()) {
            raft.tracer().snapshotNoLongerNeeded(peer, progress);
            progress.becomeProbe();
            progress.becomeReplicate();
        }
    }

    /** Commits what a quorum has, if it is of this term (Raft thesis 3.6.2). Whether that is more. */
    boolean maybeCommit() {
        boolean wasFirst = !raft.hasCommittedInTerm();
        long index = raft.tracker().committed();
        if (!raft.log().maybeCommit(new EntryId(raft.term(), index))) {
            return false;
        }
        if (wasFirst) {
            reads.releaseAfterFirstCommit();
        }
        return true;
    }

    @Override
    public StepOutcome handleAppendReject(Message.AppendReject message) {
        Progress progress = raft.progress(message.from());
        if (progress == null) {
            return raft.progressMissing(message.from());
        }
        progress.setRecentActive(true);
        EntryId hint = message.hint();
        raft.tracer().appendRefusalReceived(hint, message.from(), message.index());
        /* The hint's term is the highest that the follower can have there, so that of our log nothing
         * above the last entry of that term, or a lower one, can match: the whole tail is skipped. */
        long candidate = hint.term() == 0
                ? hint.index()
                : raft.log().findConflictByTerm(hint.index(), hint.term()).index();
        if (progress.maybeDecreaseTo(message.index(), candidate)) {
            raft.tracer().progressDecreased(message.from(), progress);
            if (progress.state() == ProgressState.REPLICATE) {
                progress.becomeProbe();
            }
            replicator.sendAppend(message.from(), Empty.SEND);
        }
        return StepOutcome.ACCEPTED;
    }

    @Override
    public StepOutcome handleHeartbeatResponse(Message.HeartbeatResponse message) {
        Progress progress = raft.progress(message.from());
        if (progress == null) {
            return raft.progressMissing(message.from());
        }
        if (message.readPosition() > reads.taken()) {
            return raft.malformed(message, "confirms reads that were never taken");
        }
        progress.setRecentActive(true);
        progress.setFlowPaused(false);
        if (progress.match() < raft.log().lastIndex()
                || progress.state() == ProgressState.PROBE) {
            replicator.sendAppend(message.from(), Empty.SEND);
        }
        reads.echoed(message.from(), message.readPosition());
        return StepOutcome.ACCEPTED;
    }

    @Override
    public void handleUnreachable(long peer) {
        Progress progress = raft.progress(peer);
        if (progress == null) {
            raft.tracer().progressMissing(peer);
            return;
        }
        // The optimistic appends under way are probably lost.
        if (progress.state() == ProgressState.REPLICATE) {
            progress.becomeProbe();
        }
        raft.tracer().peerUnreachable(peer, progress);
    }

    @Override
    public void handlePeerForgot(long peer) {
        Progress progress = raft.progress(peer);
        if (progress == null) {
            raft.tracer().progressMissing(peer);
            return;
        }
        progress.forget(raft.log().lastIndex());
        raft.tracer().peerForgot(peer, progress);
        replicator.sendAppend(peer, Empty.SEND);
    }

    @Override
    public void handleSnapshotReport(long peer, boolean delivered) {
        Progress progress = raft.progress(peer);
        if (progress == null) {
            raft.tracer().progressMissing(peer);
            return;
        }
        if (progress.state() != ProgressState.SNAPSHOT) {
            return;
        }
        if (delivered) {
            progress.becomeProbe();
            raft.tracer().snapshotDelivered(peer, progress);
        } else {
            progress.forgetPendingSnapshot();
            progress.becomeProbe();
            raft.tracer().snapshotFailed(peer, progress);
        }
        // The peer's own answer, or a heartbeat interval, comes before the next append.
        progress.setFlowPaused(true);
    }

    // Reads and transfers.

    @Override
    public ReadOutcome readIndex(long from, Bytes context) {
        if (!reads.add(from, context)) {
            raft.tracer().readDropped(DropReason.OVERLOADED, raft.term());
            return new ReadOutcome.Dropped(DropReason.OVERLOADED, raft.id());
        }
        return new ReadOutcome.Accepted(raft.id());
    }

    @Override
    public TransferOutcome transferTo(long target) {
        Progress progress = raft.progress(target);
        if (progress == null) {
            raft.tracer().progressMissing(target);
            return new TransferOutcome.Dropped(DropReason.BAD_TRANSFER_TARGET, raft.id());
        }
        if (progress.isLearner()) {
            raft.tracer().transferToLearnerIgnored();
            return new TransferOutcome.Dropped(DropReason.BAD_TRANSFER_TARGET, raft.id());
        }
        if (transfer.target() == target) {
            raft.tracer().transferRepeated(target, raft.term());
            return new TransferOutcome.Accepted(raft.id());
        }
        if (transfer.isPending()) {
            raft.tracer().transferReplaced(transfer.target(), raft.term());
            abandonTransfer(TransferEnd.Result.REPLACED);
        }
        if (target == raft.id()) {
            raft.tracer().transferToSelfIgnored();
            return new TransferOutcome.Dropped(DropReason.BAD_TRANSFER_TARGET, raft.id());
        }
        startTransfer(target, progress);
        return new TransferOutcome.Accepted(raft.id());
    }

    private void startTransfer(long target, Progress progress) {
        raft.tracer().transferStarted(target, raft.term());
        transfer.start(target);
        if (progress.match() == raft.log().lastIndex()) {
            sendTimeoutNow(target);
            raft.tracer().timeoutNowSent(target);
        } else {
            replicator.sendAppend(target, Empty.SEND);
        }
    }

    void abandonTransfer(TransferEnd.Result why) {
        long target = transfer.target();
        transfer.abort();
        raft.transferRequests().abandoned(target, why);
    }

    private void sendTimeoutNow(long target) {
        transfer.timeoutNowIsSent();
        raft.outbox().send(new Message.TimeoutNow(raft.id(), target, raft.term()));
    }

    // What no other member may send to the leader of its term.

    @Override
    public StepOutcome handleAppend(Message.AppendRequest message) {
        return raft.malformed(message, "two leaders in one term");
    }

    @Override
    public StepOutcome handleHeartbeat(Message.Heartbeat message) {
        return raft.malformed(message, "two leaders in one term");
    }

    @Override
    public StepOutcome handleSnapshot(Message.InstallSnapshot message) {
        return raft.malformed(message, "two leaders in one term");
    }
}
