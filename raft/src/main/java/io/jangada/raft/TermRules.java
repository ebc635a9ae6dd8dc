// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;

/**
 * Brings the terms in line before a {@link Role} sees a message (Raft thesis 3.3, 4.2.3, 9.6). Owned by
 * the core's thread.
 */
final class TermRules {
    private final Raft raft;

    TermRules(Raft raft) {
        this.raft = raft;
    }

    /** Takes over a higher term, answers a lower one. Whether {@code message} is to be handled. */
    boolean accept(Message message) {
        if (message.term() < raft.term() && !isUnstamped(message)) {
            answerLowerTerm(message);
            return false;
        }
        if (isUntimely(message)) {
            return false;
        }
        return message.term() <= raft.term() || acceptHigherTerm(message);
    }

    /** Forwarded for a client, or from a member that refuses before it has seen any term. */
    private static boolean isUnstamped(Message message) {
        return message.term() == 0 && (message instanceof Message.Propose
                || message instanceof Message.ReadIndexRequest
                || message instanceof Message.TransferLeader
                || message instanceof Message.PreVoteResponse);
    }

    /** Whether this asks for a vote while this member must not give any, not even to a higher term. */
    private boolean isUntimely(Message message) {
        if (message instanceof Message.VoteRequest m) {
            return !m.transfer() && isUntimely(VoteKind.VOTE, m.from(), m.term(), m.last());
        }
        return message instanceof Message.PreVoteRequest m
                && isUntimely(VoteKind.PRE_VOTE, m.from(), m.term(), m.last());
    }

    private boolean isUntimely(VoteKind kind, long from, long term, EntryId candidate) {
        if (term > raft.term() && raft.election().isInLease()) {
            raft.election().traceInLease(kind, from, candidate);
            return true;
        }
        if (raft.lease().isPromised()) {
            raft.tracer().voteIgnoredInPromise(kind, from, candidate, raft.term());
            return true;
        }
        return false;
    }

    private boolean acceptHigherTerm(Message message) {
        if (message instanceof Message.PreVoteRequest) {
            return true; // Whoever asks has not raised its term, and neither do we.
        }
        if (message instanceof Message.PreVoteResponse m && m.granted()) {
            return true; // It carries the term that we asked for.
        }
        raft.tracer().higherTermReceived(raft.term(), message);
        boolean leads = message instanceof Message.AppendRequest
                || message instanceof Message.Heartbeat
                || message instanceof Message.InstallSnapshot;
        raft.becomeFollower(message.term(), leads ? message.from() : 0);
        return true;
    }

    /**
     * 1. A member was cut off, campaigned, and came back with a higher term than the leader's. 2. With
     * check-quorum or pre-vote its own requests for votes are ignored, and it ignores the leader. 3. So
     * it answers the leader's messages with its higher term: the leader steps down, and an election
     * brings both together.
     */
    private void answerLowerTerm(Message message) {
        boolean leads = message instanceof Message.AppendRequest
                || message instanceof Message.Heartbeat;
        RaftConfig config = raft.config();
        if (leads && (config.checkQuorum() || config.preVote())) {
            raft.outbox().sendAfterAppend(
                    new Message.AppendResponse(raft.id(), message.from(), raft.term(), 0));
        } else if (message instanceof Message.PreVoteRequest request) {
            raft.election().refuse(VoteKind.PRE_VOTE, request.from(), request.last());
        } else {
            raft.tracer().lowerTermIgnored(raft.term(), message);
        }
    }
}
