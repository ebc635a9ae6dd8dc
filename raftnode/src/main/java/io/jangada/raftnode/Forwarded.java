// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import java.util.Optional;

/**
 * Proposals on their way to a leader elsewhere. There is one copy of each: one that did not leave was
 * certainly not accepted, and is refused instead of staying open until its time is over. Belongs to the
 * node loop.
 *
 * @param member this member; what it passes on for others is theirs
 * @param proposals its proposals
 * @param changes its changes of membership
 */
record Forwarded(long member, PendingProposals<?> proposals, PendingProposals<?> changes) {

    /** The way to the leader is cut. */
    void refuse(Message.Propose lost) {
        for (Entry entry : lost.entries()) {
            boolean isCommand = entry.type() == EntryType.NORMAL;
            Optional<Envelope> envelope = isCommand
                    ? Envelope.open(entry.data())
                    : ConfChangeEntries.envelope(ConfChangeEntries.open(entry));
            PendingProposals<?> pending = isCommand ? proposals : changes;
            envelope.filter(one -> one.proposer() == member)
                    .ifPresent(one -> pending.refuse(one.sequence(), DropReason.NO_LEADER));
        }
    }
}
