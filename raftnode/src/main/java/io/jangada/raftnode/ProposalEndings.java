// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;

/**
 * How a proposal ends that is not applied. Immutable.
 *
 * @param <R> what a command results in
 */
record ProposalEndings<R>() implements PendingProposals.Endings<ProposalResult<R>> {
    @Override
    public ProposalResult<R> refused(DropReason reason, long leader) {
        return new ProposalResult.Refused<>(reason, reason.mayRetry(), leader);
    }

    @Override
    public ProposalResult<R> unknown(UnknownCause cause, long leader) {
        return new ProposalResult.Unknown<>(cause, leader);
    }
}
