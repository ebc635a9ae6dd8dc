// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.RoleName;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.RaftStatus;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether followers acknowledge and commit no more than what their leader has shown them: its log up to the last entry of
 * an append that has come, and what it says is committed of that (Raft thesis 3.5, 3.6.2). Each
 * acknowledgement answers one append.
 */
final class Followers {
    private record Answer(long member, long term, long index) {}

    private record Look(RoleName role, long term, long commit) {}

    /** How many appends have shown a member the log of a term's leader up to an index, and were not answered. */
    private final Map<Answer, Integer> unanswered = new HashMap<>();
    /** Up to where a member may have learned in a term that the log is committed. */
    private final Map<InTerm, Long> committed = new HashMap<>();
    /** The same over all terms, and what a member came with. */
    private final Map<Long, Long> known = new HashMap<>();
    private final Map<Long, Look> looks = new HashMap<>();

    /** {@code message} has come to its recipient, which may drop it. */
    void arrived(Message message) {
        switch (message) {
            case Message.AppendRequest one -> {
                long last = one.previous().index() + one.entries().size();
                unanswered.merge(new Answer(one.to(), one.term(), last), 1, Integer::sum);
                commit(one, Math.min(one.commit(), last));
            }
            case Message.Heartbeat one -> commit(one, one.commit());
            case Message.InstallSnapshot one -> commit(one, one.snapshot().index());
            default -> {
            }
        }
    }

    private void commit(Message message, long index) {
        committed.merge(new InTerm(message.to(), message.term()), index, Math::max);
        knows(message.to(), index);
    }

    /** {@code member} knows that all up to {@code index} is committed. */
    void knows(long member, long index) {
        known.merge(member, index, Math::max);
    }

    /** A member sends {@code answer}. */
    void sent(Message.AppendResponse answer) {
        int open = unanswered.merge(new Answer(answer.from(), answer.term(), answer.index()), -1,
                Integer::sum);
        if (open < 0 && answer.index() > known.getOrDefault(answer.from(), 0L)) {
            throw new Violation("acknowledged as it was shown", "member " + answer.from()
                    + " acknowledges " + answer.index() + " in term " + answer.term()
                    + " more often than it was shown the log up to there");
        }
    }

    /** {@code member} stands like this; null if its process has ended. */
    void look(long member, @Nullable RaftStatus status) {
        if (status == null) {
            looks.remove(member);
            return;
        }
        Look now = new Look(status.role(), status.term(), status.commit());
        Look before = looks.put(member, now);
        boolean followed = before != null && before.term() == now.term()
                && before.role() == RoleName.FOLLOWER && now.role() == RoleName.FOLLOWER;
        long told = committed.getOrDefault(new InTerm(member, now.term()), 0L);
        if (followed && now.commit() > before.commit() && now.commit() > told) {
            throw new Violation("committed as it was shown", "member " + member + " commits "
                    + now.commit() + " in term " + now.term() + ", of which it was told " + told);
        }
        knows(member, now.commit());
    }
}
