// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.explore.History.Committed;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.quorum.JointConfig;
import io.jangada.raft.quorum.Vote;
import io.jangada.raft.quorum.VoteResult;
import java.util.function.IntPredicate;

/** What must hold in every state (Raft thesis figure 3.2, and 3.6.3). */
final class Properties {
    private final Table table;
    private final JointConfig votersAtStart;

    Properties(Table table, JointConfig votersAtStart) {
        this.table = table;
        this.votersAtStart = votersAtStart;
    }

    /** Which property does not hold; empty if all do. */
    String violated(Local[] members, History history) {
        for (int i = 0; i < members.length; i++) {
            Local member = members[i];
            if (member.leads && history.leader(member.term) != i + 1) {
                return "election safety: two leaders in term " + member.term;
            }
            if (!hasCommitted(member, history)) {
                return "state machine safety: member " + (i + 1) + " has committed something else";
            }
            if (member.leads && !isComplete(member, history)) {
                return "leader completeness: leader " + (i + 1) + " lacks what was committed";
            }
            for (int j = 0; j < i; j++) {
                if (!match(member.log, members[j].log)) {
                    return "log matching: members " + (j + 1) + " and " + (i + 1);
                }
            }
        }
        for (int i = 0; i < history.committed().size(); i++) {
            String lost = lost(members, i, history.committed().get(i).entry());
            if (!lost.isEmpty()) {
                return lost;
            }
        }
        return "";
    }

    /** What a member has committed is what the group has, whoever was first. */
    private static boolean hasCommitted(Local member, History history) {
        for (int i = 0; i < member.commit; i++) {
            if (member.log[i] != history.committed().get(i).entry()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isComplete(Local leader, History history) {
        for (int i = 0; i < history.committed().size(); i++) {
            Committed committed = history.committed().get(i);
            if (committed.term() < leader.term && !has(leader.log, i, committed.entry())) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(int[] log, int position, int entry) {
        return position < log.length && log[position] == entry;
    }

    /** Where two logs have an entry of the same index and term, they are equal up to there. */
    private boolean match(int[] one, int[] other) {
        int length = Math.min(one.length, other.length);
        boolean equal = true;
        for (int i = 0; i < length; i++) {
            equal &= one[i] == other[i];
            if (!equal && table.entry(one[i]).term() == table.entry(other[i]).term()) {
                return false;
            }
        }
        return true;
    }

    /**
     * A committed entry is on the disks of a quorum, and no election can lose it: nobody without it
     * has a log that would win the votes of a quorum as the disks are.
     */
    private String lost(Local[] members, int position, int entry) {
        IntPredicate holds = i -> has(members[i].durableLog, position, entry);
        boolean onQuorum = isQuorum(votersAtStart, holds);
        for (Local member : members) {
            onQuorum |= isQuorum(member.voters, holds);
        }
        if (!onQuorum) {
            return "commit durability: entry " + (position + 1) + " is on no quorum";
        }
        for (int i = 0; i < members.length; i++) {
            Local candidate = members[i];
            if (candidate.voters.contains(i + 1L) && ((!has(candidate.log, position, entry)
                    && canWin(members, candidate, candidate.log))
                    || (!holds.test(i) && canWin(members, candidate, candidate.durableLog)))) {
                return "leader completeness: member " + (i + 1) + " without entry "
                        + (position + 1) + ", which is committed, can be elected";
            }
        }
        return "";
    }

    private boolean canWin(Local[] members, Local candidate, int[] log) {
        EntryId last = last(log);
        return isQuorum(candidate.voters, i -> members[i] == candidate
                || last.compareTo(last(members[i].durableLog)) >= 0);
    }

    private EntryId last(int[] log) {
        return log.length == 0 ? EntryId.ZERO : table.entry(log[log.length - 1]).id();
    }

    private static boolean isQuorum(JointConfig voters, IntPredicate members) {
        return voters.voteResult(
                id -> members.test((int) id - 1) ? Vote.GRANTED : Vote.REFUSED) == VoteResult.WON;
    }
}
