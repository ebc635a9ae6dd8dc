// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import io.jangada.raft.model.EntryId;

/**
 * How a proposal ended. Refused is not unknown: only what was refused may be proposed again without
 * thought.
 *
 * @param <R> what the state machine answers
 */
public sealed interface ProposalResult<R> {

    /**
     * Committed, and applied here.
     *
     * @param id its place in the log
     * @param result the state machine's answer
     */
    record Applied<R>(EntryId id, R result) implements ProposalResult<R> {}

    /**
     * Certainly not in the log, and never will be.
     *
     * @param reason why
     * @param retry whether the same proposal may succeed here later
     * @param leader who leads, as far as known; 0 for none
     */
    record Refused<R>(DropReason reason, boolean retry, long leader) implements ProposalResult<R> {}

    /**
     * It may have been applied, or be applied later, or never.
     *
     * @param cause why it is not known
     * @param leader who leads, as far as known; 0 for none
     */
    record Unknown<R>(UnknownCause cause, long leader) implements ProposalResult<R> {}
}
