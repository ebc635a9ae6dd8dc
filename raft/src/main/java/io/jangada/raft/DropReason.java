// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** Why the core certainly did not take a proposal, a read or a transfer, or cannot answer a read. */
public enum DropReason {
    /** Nobody is known to lead. */
    NO_LEADER(true),
    /** This member leads but is not in its own configuration. */
    NOT_A_MEMBER(false),
    /** The leader is handing over. */
    TRANSFER_IN_PROGRESS(true),
    /** This member follows and is configured not to forward. */
    FORWARDING_DISABLED(false),
    /** The leader has too many uncommitted bytes. */
    UNCOMMITTED_LIMIT(true),
    /** A queue before the core, or the queue of reads or of transfers, is full. */
    OVERLOADED(true),
    /** The member that was to answer the read no longer leads. */
    LEADER_CHANGED(true),
    /** The leader has not answered the read in time: the question or the answer may be lost. */
    NO_ANSWER(true),
    /** This member has not applied in time what the read asks for. */
    LAGGING(true),
    /** The disk is full, or nearly so. */
    DISK_FULL(true),
    /** The target of the transfer is no voter, or leads already. */
    BAD_TRANSFER_TARGET(false),
    /** The change of membership cannot be read. */
    MALFORMED(false),
    /** The member is stopping or stopped. */
    STOPPED(false);

    private final boolean passing;

    DropReason(boolean passing) {
        this.passing = passing;
    }

    /** Whether the same request, to the same member, may succeed a little later. */
    public boolean mayRetry() {
        return passing;
    }
}
