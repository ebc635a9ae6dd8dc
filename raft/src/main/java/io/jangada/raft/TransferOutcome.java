// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** What became of a request to hand leadership over. */
public sealed interface TransferOutcome {
    /**
     * Begun here or sent to the leader. How it ends is told by {@link RawNode#takeTransferEnds}, after
     * two election timeouts at the latest.
     *
     * @param leader who handles it
     */
    record Accepted(long leader) implements TransferOutcome {}

    /**
     * Certainly not begun.
     *
     * @param reason why
     * @param leader who leads, as far as known; 0 for none
     */
    record Dropped(DropReason reason, long leader) implements TransferOutcome {}
}
