// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import java.util.List;

/** Takes the leader's entries, and campaigns when it hears of none (Raft thesis 3.4, 3.5). */
final class Follower implements Role {
    private final Raft raft;

    Follower(Raft raft) {
        this.raft = raft;
    }

    @Override
    public RoleName name() {
        return RoleName.FOLLOWER;
    }

    @Override
    public void tick() {
        raft.election().tick();
    }

    @Override
    public ProposeOutcome propose(Message.Propose proposal) {
        long leader = raft.leader();
        if (leader == 0) {
            return raft.dropProposal(DropReason.NO_LEADER);
        }
        if (!raft.config().forwardProposals()) {
            return raft.dropProposal(DropReason.FORWARDING_DISABLED);
        }
        raft.outbox().send(new Message.Propose(proposal.from(), leader, proposal.entries()));
        return new ProposeOutcome.Forwarded(leader);
    }

    @Override
    public ReadOutcome readIndex(long from, Bytes context) {
        long leader = raft.leader();
        if (leader == 0) {
            raft.tracer().readDropped(DropReason.NO_LEADER, raft.term());
            return new ReadOutcome.Dropped(DropReason.NO_LEADER, 0);
        }
        if (from == raft.id() && !raft.forwardedReads().add(context)) {
            raft.tracer().readDropped(DropReason.OVERLOADED, raft.term());
            return new ReadOutcome.Dropped(DropReason.OVERLOADED, leader);
        }
        raft.outbox().send(new Message.ReadIndexRequest(from, leader, context));
        return new ReadOutcome.Accepted(leader);
    }

    @Override
    public TransferOutcome transferTo(long target) {
        long leader = raft.leader();
        if (leader == 0) {
            raft.tracer().transferDropped(raft.term());
            return new TransferOutcome.Dropped(DropReason.NO_LEADER, 0);
        }
        raft.outbox().send(new Message.TransferLeader(target, leader, raft.term()));
        return new TransferOutcome.Accepted(leader);
    }

    @Override
    public StepOutcome handleAppend(Message.AppendRequest message) {
        raft.heardFrom(message.from());
        RaftLog log = raft.log();
        EntryId previous = message.previous();
        if (previous.index() < log.committed()) {
            acknowledge(message.from(), log.committed());
        } else if (!log.matches(previous)) {
            reject(message);
        } else if (hasRoomFor(message.entries())) {
            long last = log.appendMatching(previous, message.entries(), message.commit());
            raft.shown(last);
            acknowledge(message.from(), last);
        } else {
            rejectForRoom(message);
        }
        return StepOutcome.ACCEPTED;
    }

    private boolean hasRoomFor(List<Entry> entries) {
        long max = raft.config().maxUnstableBytes();
        return max == 0 || raft.log().unstable().bytes() < max
                || raft.log().firstMissing(entries) == entries.size();
    }

    /**
     * 1. Storage is slow, and leaders, one after the other perhaps, have sent more than this member may
     * hold. 2. The refusal waits, as all answers to appends do, until all that is unstable now is
     * durable: there is room when the leader hears of it. 3. Until then the leader's window is full, or
     * it fills up; then it goes back to what was acknowledged last, and sends again from there.
     */
    private void rejectForRoom(Message.AppendRequest message) {
        raft.tracer().appendRefusedForRoom(raft.log().unstable().bytes(), message.previous(),
                message.from());
        raft.outbox().sendAfterAppend(new Message.AppendReject(raft.id(), message.from(),
                raft.term(), message.previous().index(), raft.log().last()));
    }

    /**
     * Tells the leader where our log may match: our last entry at or below the refused index whose term
     * does not exceed the refused one's, since above it nothing can match.
     */
    private void reject(Message.AppendRequest message) {
        RaftLog log = raft.log();
        EntryId previous = message.previous();
        raft.tracer().appendRefused(log.termOrZero(previous.index()), previous, message.from());
        EntryId hint = log.findConflictByTerm(Math.min(previous.index(), log.lastIndex()),
                previous.term());
        raft.outbox().sendAfterAppend(new Message.AppendReject(raft.id(), message.from(),
                raft.term(), previous.index(), hint));
    }

    private void acknowledge(long to, long index) {
        raft.outbox().sendAfterAppend(
                new Message.AppendResponse(raft.id(), to, raft.term(), index));
    }

    @Override
    public StepOutcome handleHeartbeat(Message.Heartbeat message) {
        raft.heardFrom(message.from());
        long commit = raft.committedBy(message);
        if (commit > raft.log().lastIndex()) {
            return raft.malformed(message,
                    "heartbeat commits entries that were never acknowledged");
        }
        raft.log().commitTo(commit);
        raft.outbox().send(new Message.HeartbeatResponse(raft.id(), message.from(), raft.term(),
                message.readPosition()));
        return StepOutcome.ACCEPTED;
    }

    @Override
    public StepOutcome handleSnapshot(Message.InstallSnapshot message) {
        raft.heardFrom(message.from());
        EntryId id = message.snapshot().id();
        switch (raft.membership().restore(message.snapshot())) {
            case RESTORED -> {
                raft.tracer().acceptedSnapshot(raft.log().committed(), id);
                acknowledge(message.from(), raft.log().lastIndex());
            }
            case IGNORED -> {
                raft.tracer().ignoredSnapshot(raft.log().committed(), id);
                acknowledge(message.from(), raft.log().committed());
            }
            case MALFORMED -> {
                return raft.malformed(message, "snapshot with an impossible configuration");
            }
        }
        return StepOutcome.ACCEPTED;
    }

    @Override
    public StepOutcome handleReadIndexResponse(Message.ReadIndexResponse message) {
        if (raft.forwardedReads().answered(message.context())) {
            raft.addReadState(new ReadState(message.index(), message.context()));
        }
        return StepOutcome.ACCEPTED;
    }

    @Override
    public StepOutcome handleTimeoutNow(Message.TimeoutNow message) {
        if (raft.leader() != message.from()) {
            // Whom this member follows is known: it has acknowledged the whole log to the leader before.
            return raft.malformed(message, "a member that does not lead hands over");
        }
        raft.tracer().timeoutNowReceived(message.from(), raft.term());
        raft.election().start(Election.Cause.TRANSFER);
        return StepOutcome.ACCEPTED;
    }

    @Override
    public void forgetLeader() {
        if (raft.config().readOnly() == ReadOnlyMode.LEASE) {
            raft.tracer().forgetLeaderIgnored();
        } else if (raft.leader() != 0) {
            raft.tracer().leaderForgotten(raft.leader(), raft.term());
            raft.forgetLeader();
        }
    }
}
