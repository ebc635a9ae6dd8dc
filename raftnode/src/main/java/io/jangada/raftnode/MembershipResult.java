// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;

/** How a change of membership ended. */
public sealed interface MembershipResult {

    /**
     * Committed, and in force here. A joint configuration may still have to be left.
     *
     * @param id its place in the log
     * @param confState the membership from there on
     */
    record Changed(EntryId id, ConfState confState) implements MembershipResult {}

    /**
     * Certainly not in the log.
     *
     * @param reason why
     * @param leader who leads, as far as known; 0 for none
     */
    record Refused(DropReason reason, long leader) implements MembershipResult {}

    /**
     * Taken by this leader's core, and found impossible in the present configuration.
     *
     * @param explanation in words
     */
    record Invalid(String explanation) implements MembershipResult {}

    /**
     * It may come into force, or not.
     *
     * @param cause why it is not known
     */
    record Unknown(UnknownCause cause) implements MembershipResult {}
}
