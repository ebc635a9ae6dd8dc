// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** What became of a message that was stepped. Nothing that a peer sends makes a step throw. */
public sealed interface StepOutcome {
    /** Handled, or ignored as the protocol says. */
    StepOutcome ACCEPTED = new Accepted();

    /** Handled, or ignored as the protocol says. */
    record Accepted() implements StepOutcome {}

    /**
     * A proposal, read or transfer that was certainly not taken.
     *
     * @param reason why
     */
    record Dropped(DropReason reason) implements StepOutcome {}

    /**
     * A response from a member that the leader does not track (etcd raft: ErrStepPeerNotFound).
     *
     * @param peer the sender
     */
    record PeerNotFound(long peer) implements StepOutcome {}

    /**
     * No correct member sends this in this state; it was dropped and changed nothing but, at most, the
     * term.
     *
     * @param flaw what is wrong with it
     */
    record Malformed(String flaw) implements StepOutcome {}
}
