// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.StorageApply;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.node.Node;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where the news of the apply loop goes: to whoever proposed, to the core, to the observers. Called by
 * the apply loop.
 *
 * @param parts the group
 * @param promises what this member has promised in the group
 * @param node puts changes of membership into force, and hears what is applied
 * @param proposals this member's proposals
 * @param changes this member's changes of membership
 * @param <R> what a command results in
 */
record ApplyAnswers<R>(GroupParts parts, GroupPromises promises, Node node,
        PendingProposals<ProposalResult<R>> proposals,
        PendingProposals<MembershipResult> changes) implements Applier.Listener<R> {

    @Override
    public void applied(Bytes sealed, Command command, R result) {
        if (Envelope.proposer(sealed) == parts.memberId()) {
            proposals.end(Envelope.sequence(sealed),
                    new ProposalResult.Applied<>(command.id(), result));
        }
    }

    @Override
    public void putIntoForce(EntryId id, ConfChange change, Applier.ConfChangeDone inForce) {
        promises.changing(ConfChangeEntries.plain(change));
        CompletableFuture<?> unusedEnd = node.applyConfChange(change)
                .whenComplete((result, failure) -> {
                    if (failure == null) {
                        parts.standing().confState(result);
                        parts.applyLoop().execute(() -> inForce.inForce(result));
                    } else {
                        parts.failed().accept(failure);
                    }
                });
    }

    @Override
    public void membershipApplied(EntryId id, ConfChange change, ConfState result) {
        /* Whoever was removed may go now: after a crash nobody else might be left to tell that it is committed. */
        parts.host().writer().forceQueued();
        ConfChangeEntries.envelope(change)
                .filter(envelope -> envelope.proposer() == parts.memberId())
                .ifPresent(envelope -> changes.end(envelope.sequence(),
                        new MembershipResult.Changed(id, result)));
        ConfChange plain = ConfChangeEntries.plain(change);
        promises.changed(plain);
        parts.peers().changed(result, Membership.members(plain), parts.standing());
        parts.standing().tell(one -> one.membershipChanged(result, Optional.of(plain)));
    }

    @Override
    public void done(List<StorageApply> applies, long index) {
        parts.nodeLoop().execute(() -> {
            applies.forEach(apply -> node.step(apply.done()));
            parts.storage().pack(index);
            parts.snapshots().applied(index,
                    parts.storage().bytes() > parts.config().limits().logBytesMax());
        });
    }

    @Override
    public void restored(AppliedState at) {
        parts.standing().tell(one -> one.restored(at));
        parts.standing().tell(one -> one.membershipChanged(at.confState(), Optional.empty()));
    }
}
