// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.EntryId;

/** What became of a proposal at this member's core. */
public sealed interface ProposeOutcome {
    /**
     * This member leads and has appended the entries; they may still be lost.
     *
     * @param last the id of the last of them
     */
    record Appended(EntryId last) implements ProposeOutcome {}

    /**
     * This member follows and has sent the entries to the leader; they may be lost.
     *
     * @param leader to whom
     */
    record Forwarded(long leader) implements ProposeOutcome {}

    /**
     * Certainly not taken: proposing again is safe.
     *
     * @param reason why
     * @param leader who leads, as far as known; 0 for none
     */
    record Dropped(DropReason reason, long leader) implements ProposeOutcome {}
}
