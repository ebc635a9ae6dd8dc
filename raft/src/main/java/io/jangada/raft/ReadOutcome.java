// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** What became of a request for a read index at this member's core. */
public sealed interface ReadOutcome {
    /**
     * Taken here or sent to the leader. A read taken here ends up in {@link Ready#readStates} or
     * {@link Ready#droppedReads}; one that was sent may get lost and is then asked again.
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
