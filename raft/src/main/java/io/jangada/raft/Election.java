// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;

/**
 * Campaigns and votes, and the timer that starts them (Raft thesis 3.4, 3.6.1, 4.2.3, 9.6). Owned by
 * the core's thread.
 */
final class Election {
    /** What makes a member campaign. */
    enum Cause {
        /** Nobody was heard for a while, or the application asks. */
        TIMEOUT,
        /** The leader asks: no pre-vote, and no lease counts against it (Raft thesis 3.10, 4.2.3). */
        TRANSFER
    }

    private final Raft raft;
    private int elapsedTicks;
    private int randomizedTimeoutTicks;

    Election(Raft raft) {
        this.raft = raft;
    }

    /** A leader was heard, a vote was given, or a campaign begins: waiting starts again. */
    void restartTimer() {
        elapsedTicks = 0;
    }

    /** Starts the timer again with a new random timeout (Raft thesis 3.4). */
    void drawTimeout() {
        elapsedTicks = 0;
        int base = raft.config().electionTimeoutTicks();
        randomizedTimeoutTicks = base + raft.config().random().nextInt(base)
                + raft.config().campaignDelayTicks();
    }

    int elapsedTicks() {
        return elapsedTicks;
    }

    void elapse() {
        elapsedTicks++;
    }

    int randomizedTimeoutTicks() {
        return randomizedTimeoutTicks;
    }

    void setRandomizedTimeoutTicks(int ticks) {
        randomizedTimeoutTicks = ticks;
    }

    /** A tick of a member that does not lead. */
    void tick() {
        elapsedTicks++;
        if (elapsedTicks >= randomizedTimeoutTicks && raft.isPromotable()
                && !raft.lease().isPromised()) {
            elapsedTicks = 0;
            start(Cause.TIMEOUT);
        }
    }

    /** Campaigns, unless this member must not. */
    void start(Cause cause) {
        RaftTracer tracer = raft.tracer();
        if (raft.roleName() == RoleName.LEADER) {
            tracer.campaignIgnoredAsLeader();
        } else if (!raft.isPromotable()) {
            tracer.campaignIgnoredAsUnpromotable();
        } else if (cause == Cause.TIMEOUT && raft.lease().isPromised()) {
            tracer.campaignIgnoredInPromise(raft.term());
        } else if (raft.log().hasUnappliedConfChange()) {
            /* A committed change that is not applied here may have taken our vote away, or have added
             * the voters that we would have to ask. */
            tracer.campaignIgnoredForPendingConfChange(raft.term());
        } else {
            tracer.electionStarted(raft.term());
            boolean asksFirst = raft.config().preVote() && cause == Cause.TIMEOUT;
            campaign(asksFirst ? VoteKind.PRE_VOTE : VoteKind.VOTE, cause);
        }
    }

    /** Pre-votes are enough: campaigns for real. */
    void continueAfterPreVote() {
        campaign(VoteKind.VOTE, Cause.TIMEOUT);
    }

    private void campaign(VoteKind kind, Cause cause) {
        switch (kind) {
            case PRE_VOTE -> raft.becomePreCandidate();
            case VOTE -> raft.becomeCandidate();
        }
        long term = kind == VoteKind.PRE_VOTE ? raft.term() + 1 : raft.term();
        for (long voter : raft.tracker().voterIds()) {
            if (voter == raft.id()) {
                // Our own vote counts once it is durable, like everybody's.
                raft.outbox().sendAfterAppend(response(kind, voter, term, true));
            } else {
                raft.tracer().voteRequested(kind, raft.log().last(), voter, raft.term());
                raft.outbox().send(request(kind, voter, term, cause));
            }
        }
    }

    private Message request(VoteKind kind, long to, long term, Cause cause) {
        EntryId last = raft.log().last();
        return switch (kind) {
            case PRE_VOTE -> new Message.PreVoteRequest(raft.id(), to, term, last);
            case VOTE -> new Message.VoteRequest(raft.id(), to, term, last,
                    cause == Cause.TRANSFER);
        };
    }

    private Message response(VoteKind kind, long to, long term, boolean granted) {
        return switch (kind) {
            case PRE_VOTE -> new Message.PreVoteResponse(raft.id(), to, term, granted);
            case VOTE -> new Message.VoteResponse(raft.id(), to, term, granted);
        };
    }

    /**
     * Whether a request of a higher term is ignored since a leader was heard less than an election
     * timeout ago (Raft thesis 4.2.3): a member that was removed, or cut off, cannot disturb.
     */
    boolean isInLease() {
        return raft.config().checkQuorum() && raft.leader() != 0
                && elapsedTicks < raft.config().electionTimeoutTicks();
    }

    void traceInLease(VoteKind kind, long from, EntryId candidate) {
        raft.tracer().voteIgnoredInLease(kind, raft.log().last(), raft.vote(), from, candidate,
                raft.term(), raft.config().electionTimeoutTicks() - elapsedTicks);
    }

    /** Answers a request whose term is not below ours. Learners vote too: they may have been promoted. */
    void handleRequest(VoteKind kind, long from, long term, EntryId candidate) {
        boolean free = raft.vote() == from
                || (raft.vote() == 0 && raft.leader() == 0)
                || (kind == VoteKind.PRE_VOTE && term > raft.term());
        if (!free || raft.abstains() || !raft.log().isUpToDate(candidate)) {
            refuse(kind, from, candidate);
            return;
        }
        raft.tracer().voteGranted(kind, raft.log().last(), raft.vote(), from, candidate,
                raft.term());
        raft.outbox().sendAfterAppend(response(kind, from, term, true));
        if (kind == VoteKind.VOTE) {
            restartTimer();
            raft.voteFor(from);
        }
    }

    /** Refuses with our own term, from which the candidate learns that it is behind. */
    void refuse(VoteKind kind, long from, EntryId candidate) {
        raft.tracer().voteRefused(kind, raft.log().last(), raft.vote(), from, candidate,
                raft.term());
        raft.outbox().sendAfterAppend(response(kind, from, raft.term(), false));
    }
}
