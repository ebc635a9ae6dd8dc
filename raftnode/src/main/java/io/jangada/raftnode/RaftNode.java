// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import java.util.concurrent.CompletableFuture;

/**
 * One group on this member: what an embedder proposes to and reads through. Made by
 * {@link RaftHost#start}. Every method may be called from any thread and none blocks; every future is
 * completed, at the latest some ticks after the proposal timeout. Futures are completed by the loops:
 * what is chained to them must not block, or has to go to another executor.
 *
 * @param <R> what the state machine answers to a command
 */
@SuppressWarnings("DoNotCallSuggester")
public final class RaftNode<R> {
    RaftNode() {}

    /**
     * Puts {@code command} into the log and applies it. Completed by the apply loop.
     *
     * @throws IllegalArgumentException if it is larger than {@link GroupLimits#proposalBytesMax}
     */
    public CompletableFuture<ProposalResult<R>> propose(Bytes command) {
        throw new UnsupportedOperationException(command.toString());
    }

    /**
     * Waits until the state machine here has all that was committed when this was called, so that what
     * is then read from it is linearizable (Raft thesis 6.4). Reads that wait share one round of the
     * leader's heartbeats. Completed by the apply loop.
     */
    public CompletableFuture<ReadResult> readIndex() {
        throw new UnsupportedOperationException();
    }

    /** Changes the membership. The network must know the way to a new member: see {@link RaftObserver#membershipChanged}. */
    public CompletableFuture<MembershipResult> changeMembership(ConfChange change) {
        throw new UnsupportedOperationException(change.toString());
    }

    /** Hands leadership to {@code to}; asked of a follower, it is sent on to the leader. */
    public CompletableFuture<TransferResult> transferLeadership(long to) {
        throw new UnsupportedOperationException("" + to);
    }

    /** How it stands; cheap. */
    public RaftStatus status() {
        throw new UnsupportedOperationException();
    }

    /** Tells {@code observer} of everything from now on; the present leader is told at once, if there is one. */
    public void addObserver(RaftObserver observer) {
        throw new UnsupportedOperationException(observer.toString());
    }

    /** Stops the group on this member: what is open is answered as unknown or refused. The data stays. */
    public CompletableFuture<Void> stop() {
        throw new UnsupportedOperationException();
    }
}
