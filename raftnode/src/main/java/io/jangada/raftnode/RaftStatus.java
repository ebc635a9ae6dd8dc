// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.RoleName;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;

/**
 * How a group stands on this member, as of its last piece of work. Immutable.
 *
 * @param memberId this member
 * @param leader who leads, as far as known; 0 for none
 * @param term the latest term seen
 * @param role this member's role
 * @param commit the highest index known to be committed
 * @param applied the highest index that the state machine has applied
 * @param last the last entry of the log
 * @param firstIndex the index of the first entry that the log still has, or would have
 * @param confState the membership in force
 * @param pendingProposals proposals of this member that are not answered yet
 * @param pendingReads reads of this member that are not answered yet
 * @param votes whether this member may vote, if it is a voter: not yet after a start, until its peers have said that it has
 *     forgotten nothing, and not before it is repaired if it has
 * @param stopped whether the group has stopped here
 */
public record RaftStatus(long memberId, long leader, long term, RoleName role, long commit,
        long applied, EntryId last, long firstIndex, ConfState confState, int pendingProposals,
        int pendingReads, boolean votes, boolean stopped) {

    /** Whether this member leads. */
    public boolean isLeader() {
        return role == RoleName.LEADER;
    }
}
