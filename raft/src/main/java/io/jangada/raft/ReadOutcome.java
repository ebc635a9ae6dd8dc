// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** What became of a request for a read index at this member's core. */
public sealed interface ReadOutcome {
    /**
     * Taken here or sent to the leader. It ends up in {@link Ready#readStates} or in
     * {@link Ready#droppedReads}, once, and after an election timeout at the latest if it was sent.
     *
     * @param leader who answers it
     */
    record Accepted(long leader) implements ReadOutcome {}

    /**
     * Certainly not taken.
     *
     * @param reason why
     * @param leader who leads, as far as known; 0 for none
     */
    record Dropped(DropReason reason, long leader) implements ReadOutcome {}
}
