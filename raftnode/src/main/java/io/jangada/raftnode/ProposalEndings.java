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
        boolean retry = switch (reason) {
            case NO_LEADER, TRANSFER_IN_PROGRESS, UNCOMMITTED_LIMIT, OVERLOADED, LEADER_CHANGED ->
                true;
            case NOT_A_MEMBER, FORWARDING_DISABLED, BAD_TRANSFER_TARGET, MALFORMED, STOPPED ->
                false;
        };
        return new ProposalResult.Refused<>(reason, retry, leader);
    }

    @Override
    public ProposalResult<R> unknown(UnknownCause cause, long leader) {
        return new ProposalResult.Unknown<>(cause, leader);
    }
}
