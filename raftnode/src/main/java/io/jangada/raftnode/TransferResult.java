// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;

/** How a hand-over of leadership ended. */
public sealed interface TransferResult {

    /**
     * The target leads.
     *
     * @param leader the target
     */
    record Transferred(long leader) implements TransferResult {}

    /**
     * Not begun.
     *
     * @param reason why
     * @param leader who leads, as far as known; 0 for none
     */
    record Refused(DropReason reason, long leader) implements TransferResult {}

    /**
     * Begun, but the target did not lead in time; it may still come to lead.
     *
     * @param leader who leads, as far as known; 0 for none
     */
    record TimedOut(long leader) implements TransferResult {}
}
