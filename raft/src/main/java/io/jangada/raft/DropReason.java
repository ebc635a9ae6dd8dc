// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** Why the core certainly did not take a proposal, a read or a transfer, or cannot answer a read. */
public enum DropReason {
    /** Nobody is known to lead. */
    NO_LEADER,
    /** This member leads but is not in its own configuration. */
    NOT_A_MEMBER,
    /** The leader is handing over. */
    TRANSFER_IN_PROGRESS,
    /** This member follows and is configured not to forward. */
    FORWARDING_DISABLED,
    /** The leader has too many uncommitted bytes. */
    UNCOMMITTED_LIMIT,
    /** A queue before the core, or the leader's queue of reads, is full. */
    OVERLOADED,
    /** The member that was to answer the read no longer leads. */
    LEADER_CHANGED,
    /** The target of the transfer is no voter, or leads already. */
    BAD_TRANSFER_TARGET,
    /** The change of membership cannot be read. */
    MALFORMED,
    /** The member is stopping or stopped. */
    STOPPED
}
