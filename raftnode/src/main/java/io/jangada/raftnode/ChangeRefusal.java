// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/** Why a change of membership was not made. */
public enum ChangeRefusal {
    /** This member does not lead, and only the leader can tell whether the change is safe. */
    NOT_LEADER(true),
    /** The group has no such member. */
    UNKNOWN_MEMBER(false),
    /** The member is already what it was to become. */
    ALREADY_THERE(false),
    /** The member leads; or it was to hand over, and nobody took over. */
    LEADS(true),
    /**
     * Of the voters there would be, no majority is active and connected now; one that has forgotten something does
     * not count until it is repaired.
     */
    WOULD_LOSE_QUORUM(true),
    /** The member has not come close enough to the leader's log in time. */
    NOT_CAUGHT_UP(true),
    /** Another change is being made. */
    CHANGE_IN_PROGRESS(true),
    /** The proposal was refused: nobody leads, too much waits, or a disk is full. */
    NOT_TAKEN(true),
    /** The group has stopped on this member. */
    STOPPED(false);

    private final boolean passing;

    ChangeRefusal(boolean passing) {
        this.passing = passing;
    }

    /** Whether the same call may succeed later, on the leader. */
    public boolean mayRetry() {
        return passing;
    }
}
