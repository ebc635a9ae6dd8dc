// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.ConfState;

/** How a call of {@link Membership} ended. */
public sealed interface ChangeResult {

    /**
     * In force, and no joint configuration is left open.
     *
     * @param confState the membership, as this member has it
     */
    record Done(ConfState confState) implements ChangeResult {}

    /**
     * The member is certainly not what it was to become, and this call will not make it so. What the call
     * had done by then stays: a member that was to become a voter may have become a learner.
     *
     * @param reason why
     * @param leader who leads, as far as known; 0 for none
     * @param explanation in words, with the numbers
     */
    record Refused(ChangeRefusal reason, long leader, String explanation)
            implements
                ChangeResult {}

    /**
     * The change may come into force, or not; {@link RaftStatus#confState} tells, later.
     *
     * @param cause why it is not known
     * @param leader who leads, as far as known; 0 for none
     */
    record Unknown(UnknownCause cause, long leader) implements ChangeResult {}
}
