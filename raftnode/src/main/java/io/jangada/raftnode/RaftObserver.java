// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.RoleName;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import java.time.Duration;
import java.util.Optional;

/**
 * Hears what happens to a group on this member. Each method says which loop calls it; none may block.
 * Every method does nothing by default. An exception stops the group on this member, as one of the state
 * machine does; that of {@link #stopped} is logged.
 */
public interface RaftObserver {

    /**
     * Another member leads, or nobody. Node loop.
     *
     * @param leader 0 for none
     */
    default void leaderChanged(long leader, long term) {}

    /** This member's role has changed. Node loop. */
    default void roleChanged(RoleName role, long term) {}

    /**
     * The membership has changed. Apply loop, after the state machine has taken note. Peers
     * whose addresses came by {@link Membership}, or with a snapshot, are in the network; who changes the
     * membership otherwise adds them here.
     *
     * @param change what was applied, with the proposer's context; empty where a snapshot brought a new
     *     membership
     */
    default void membershipChanged(ConfState confState, Optional<ConfChange> change) {}

    /**
     * A peer has applied that this member was removed, of which this member may not have heard; told each time
     * that it tries to connect. Node loop.
     */
    default void removedBy(long peer) {}

    /** The state machine was replaced by a snapshot from the leader. Apply loop. */
    default void restored(AppliedState at) {}

    /** The state up to {@code at} is durable and the log was cut behind it. Node loop. */
    default void snapshotTaken(AppliedState at) {}

    /**
     * Disk full: nothing can be written for now, or no longer so. Node loop.
     *
     * @param full whether proposals are refused
     */
    default void diskFull(boolean full) {}

    /**
     * The log's disk is slow: a force took much longer than it should. Node loop.
     *
     * @param took how long
     */
    default void diskSlow(Duration took) {}

    /**
     * The group has stopped here. Any thread.
     *
     * @param failure why; empty if it was asked to
     */
    default void stopped(Optional<Throwable> failure) {}
}
