// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.RawNode;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.EntryId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Proposals that have left the mailbox: they stay here while nobody leads, and go to the core in
 * batches. They count in the mailbox's bounds until they are answered. Owned by the loop.
 */
final class ProposalQueue {
    private final RawNode raw;
    private final Mailbox mailbox;
    private final NodeLimits limits;
    private final ArrayDeque<Proposal> held = new ArrayDeque<>();

    ProposalQueue(RawNode raw, Mailbox mailbox, NodeLimits limits) {
        this.raw = raw;
        this.mailbox = mailbox;
        this.limits = limits;
    }

    /** Where the mailbox puts them. */
    ArrayDeque<Proposal> held() {
        return held;
    }

    /** Hands everything to the core, unless nobody leads. */
    void proposeAll() {
        while (!held.isEmpty() && raw.leader() != 0) {
            if (held.element().change() == null) {
                proposeBatch();
            } else {
                proposeChange();
            }
        }
    }

    private void proposeChange() {
        Proposal proposal = held.remove();
        ConfChange change = proposal.change();
        mailbox.release(1, proposal.bytes());
        if (change != null && proposal.isWanted()) {
            proposal.proposed(raw.proposeConfChange(change));
        }
    }

    private void proposeBatch() {
        var proposals = new ArrayList<Proposal>(Math.min(held.size(), limits.batchCountMax()));
        var data = new ArrayList<Bytes>(Math.min(held.size(), limits.batchCountMax()));
        long bytes = 0;
        while (fits(proposals.size(), bytes)) {
            Proposal proposal = held.remove();
            if (!proposal.isWanted()) {
                mailbox.release(1, proposal.bytes());
                continue;
            }
            bytes += proposal.bytes();
            proposals.add(proposal);
            data.add(proposal.data());
        }
        mailbox.release(proposals.size(), bytes);
        if (!proposals.isEmpty()) {
            answer(proposals, raw.propose(data));
        }
    }

    private boolean fits(int count, long bytes) {
        Proposal next = held.peek();
        return next != null && next.change() == null && count < limits.batchCountMax()
                && (count == 0 || bytes + next.bytes() <= limits.batchBytesMax());
    }

    /** Each proposal of a batch hears its own place in the log. */
    private static void answer(List<Proposal> proposals, ProposeOutcome outcome) {
        if (outcome instanceof ProposeOutcome.Appended appended) {
            long index = appended.last().index() - proposals.size();
            for (int i = 0; i < proposals.size(); i++) {
                index++;
                proposals.get(i).proposed(new ProposeOutcome.Appended(
                        new EntryId(appended.last().term(), index)));
            }
        } else {
            for (int i = 0; i < proposals.size(); i++) {
                proposals.get(i).proposed(outcome);
            }
        }
    }

    /** Answers everything with {@code outcome}. */
    void dropAll(ProposeOutcome outcome) {
        while (!held.isEmpty()) {
            Proposal proposal = held.remove();
            mailbox.release(1, proposal.bytes());
            proposal.proposed(outcome);
        }
    }
}
