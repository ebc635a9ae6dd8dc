// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;

/** Collects votes, or pre-votes (Raft thesis 3.4, 9.6). */
final class Candidate implements Role {
    private final Raft raft;
    private final VoteKind kind;

    Candidate(Raft raft, VoteKind kind) {
        this.raft = raft;
        this.kind = kind;
    }

    @Override
    public RoleName name() {
        return switch (kind) {
            case PRE_VOTE -> RoleName.PRE_CANDIDATE;
            case VOTE -> RoleName.CANDIDATE;
        };
    }

    @Override
    public void tick() {
        raft.election().tick();
    }

    @Override
    public ProposeOutcome propose(Message.Propose proposal) {
        return raft.dropProposal(DropReason.NO_LEADER);
    }

    @Override
    public ReadOutcome readIndex(long from, Bytes context) {
        return new ReadOutcome.Dropped(DropReason.NO_LEADER, 0);
    }

    @Override
    public TransferOutcome transferTo(long target) {
        return new TransferOutcome.Dropped(DropReason.NO_LEADER, 0);
    }

    /** A response to the other round of the election is late and does not count. */
    @Override
    public void handleVote(VoteKind voteKind, long from, boolean granted) {
        if (voteKind != kind) {
            return;
        }
        if (granted) {
            raft.tracer().voteReceived(kind, from, raft.term());
        } else {
            raft.tracer().refusalReceived(kind, from, raft.term());
        }
        switch (raft.countVote(kind, from, granted)) {
            case WON -> win();
            case LOST -> raft.becomeFollower(raft.term(), 0);
            case PENDING -> {
            }
        }
    }

    private void win() {
        switch (kind) {
            case PRE_VOTE -> raft.election().continueAfterPreVote();
            case VOTE -> raft.becomeLeader();
        }
    }

    @Override
    public StepOutcome handleAppend(Message.AppendRequest message) {
        return follow(message).handleAppend(message);
    }

    @Override
    public StepOutcome handleHeartbeat(Message.Heartbeat message) {
        return follow(message).handleHeartbeat(message);
    }

    @Override
    public StepOutcome handleSnapshot(Message.InstallSnapshot message) {
        return follow(message).handleSnapshot(message);
    }

    /** Somebody else has won this term. */
    private Role follow(Message message) {
        raft.becomeFollower(message.term(), message.from());
        return raft.role();
    }

    @Override
    public StepOutcome handleTimeoutNow(Message.TimeoutNow message) {
        raft.tracer().timeoutNowIgnored(message.from(), name(), raft.term());
        return StepOutcome.ACCEPTED;
    }
}
