// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What the log's commands change: the same commands give the same state and the same results on every
 * member (Raft thesis 3.5). It must not look at clocks, chance or anything else but state and command.
 *
 * <p>Called by one thread at a time: {@link #recover}, {@link #initialize} and the first
 * {@link #restore} by the thread that starts the group, everything later by the apply loop. Whoever
 * serves reads from other threads takes care of that itself.
 *
 * <p>A machine may keep its state in memory only: it answers {@link AppliedState#NONE} to
 * {@link #recover} and is filled from the newest snapshot file and the log. Or it is persistent: then
 * each call below puts its effects and the applied state into its storage as one atomic unit, which need
 * not be durable before {@link StateSnapshot#persist} says so; after a crash the log is replayed from
 * where {@link #recover} says.
 *
 * <p>An exception out of any method stops the group on this member, with its data intact.
 *
 * @param <R> what a command results in; handed to whoever proposed it, on this member only
 */
public interface StateMachine<R> {

    /** What it holds; {@link AppliedState#NONE} if nothing. */
    AppliedState recover() throws IOException;

    /**
     * A new group begins; called again after a restart as long as {@link #recover} says that nothing is
     * there and no snapshot either.
     *
     * @param first the applied state to begin with: index 1, term 1, and the initial members
     */
    void initialize(AppliedState first) throws IOException;

    /**
     * Applies {@code batch} in order, as one atomic unit. A command that makes no sense has a result that
     * says so.
     *
     * @return one result for each command, in order
     */
    List<R> apply(List<Command> batch);

    /**
     * Takes note of a change of membership, which is in force.
     *
     * @param change what was proposed, with the proposer's context; without steps where a joint
     *     configuration was left or the change was void
     * @param result the membership from now on
     */
    void applyConfChange(EntryId id, ConfChange change, ConfState result);

    /** The state as it is now, for use by a background thread while this machine goes on. Cheap. */
    StateSnapshot snapshot();

    /**
     * Replaces everything by the state in {@code in}, as {@link StateSnapshot#writeTo} wrote it on some
     * member; a persistent machine makes it durable before it returns.
     */
    void restore(AppliedState at, InputStream in) throws IOException;
}
