// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** Why the core certainly did not take a proposal, a read or a transfer. */
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
    /** A queue before the core is full. */
    OVERLOADED,
    /** The member is stopping or stopped. */
    STOPPED
}
