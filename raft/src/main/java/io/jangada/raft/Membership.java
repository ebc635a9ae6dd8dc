// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;
import io.jangada.raft.Replicator.Empty;
import io.jangada.raft.confchange.Changed;
import io.jangada.raft.confchange.Changer;
import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.confchange.ConfChangeException;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.InvariantViolation;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.tracker.Progress;
import java.util.List;
import java.util.Optional;

/**
 * Changes of membership, simple and joint (Raft thesis 4; etcd raft: applyConfChange,
 * switchToConfig). A change is in force once it is applied, not once it is logged. Owned by the core's
 * thread.
 */
final class Membership {
    /** What became of a snapshot received. */
    enum Restore {
        RESTORED, IGNORED, MALFORMED
    }

    private final Raft raft;

    Membership(Raft raft) {
        this.raft = raft;
    }

    // Proposed.

    boolean hasConfChange(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).type() != EntryType.NORMAL) {
                return true;
            }
        }
        return false;
    }

    boolean canDecode(List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.type() != EntryType.NORMAL && decode(entry).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    Optional<ConfChange> decode(Entry entry) {
        return ConfChangeCodec.decode(entry.type(), entry.data());
    }

    /** Why {@code change} cannot be made now, as far as the leader can tell. */
    Optional<ConfChangeRefusal> refusal(ConfChange change, long pendingConfIndex) {
        long applied = raft.log().applied();
        boolean joint = raft.tracker().config().isJoint();
        boolean leaves = change.changes().isEmpty();
        if (pendingConfIndex > applied) {
            return Optional.of(new ConfChangeRefusal.Pending(pendingConfIndex, applied));
        }
        if (joint && !leaves) {
            return Optional.of(new ConfChangeRefusal.MustLeaveJoint());
        }
        if (!joint && leaves) {
            return Optional.of(new ConfChangeRefusal.NotJoint());
        }
        try {
            Changer.of(raft.tracker(), raft.log().lastIndex()).change(change);
            return Optional.empty();
        } catch (ConfChangeException impossible) {
            return Optional.of(
                    new ConfChangeRefusal.Impossible(String.valueOf(impossible.getMessage())));
        }
    }

    // Applied.

    /**
     * Puts {@code change} into force.
     *
     * @throws IllegalArgumentException if it cannot be made; nothing has changed then
     */
    ConfState apply(ConfChange change) {
        return switchTo(changed(change));
    }

    private Changed changed(ConfChange change) {
        try {
            return Changer.of(raft.tracker(), raft.log().lastIndex()).change(change);
        } catch (ConfChangeException impossible) {
            throw new IllegalArgumentException(impossible.getMessage() + ": " + change + " at "
                    + raft.tracker().config(), impossible);
        }
    }

    /** Empty if no sequence of changes leads there. */
    private Optional<Changed> restored(ConfState confState, long lastIndex) {
        try {
            Changed restored = Changer.restore(confState, lastIndex,
                    raft.config().maxInflightMessages(), raft.config().maxInflightBytes());
            boolean same = restored.config().toConfState().isEquivalentTo(confState);
            return same ? Optional.of(restored) : Optional.empty();
        } catch (ConfChangeException ignored) {
            return Optional.empty();
        }
    }

    private ConfState switchTo(Changed changed) {
        raft.tracker().switchTo(changed.config(), changed.progress());
        raft.tracer().switchedConfiguration(raft.tracker().config());
        ConfState confState = raft.tracker().config().toConfState();
        if (raft.role() instanceof Leader leader) {
            react(leader, confState);
        }
        return confState;
    }

    private void react(Leader leader, ConfState confState) {
        Progress own = raft.progress(raft.id());
        if ((own == null || own.isLearner()) && raft.config().stepDownOnRemoval()) {
            raft.becomeFollower(raft.term(), 0);
            return;
        }
        // A smaller quorum may have confirmed reads, and entries, already.
        leader.reads().giveLeaseUp();
        leader.reads().release();
        if (own == null || own.isLearner() || confState.voters().isEmpty()) {
            return;
        }
        if (leader.maybeCommit()) {
            raft.replicator().broadcastAppend(Empty.SEND);
        } else {
            // A new peer learns at once where it stands, without waiting for a heartbeat.
            raft.replicator().broadcastAppend(Empty.SKIP);
        }
        long target = leader.transfer().target();
        if (target != 0 && !raft.tracker().config().isVoter(target)) {
            leader.abandonTransfer(TransferEnd.Result.TARGET_REMOVED);
        }
    }

    /**
     * A leader leaves a joint configuration by itself once the change that made it is applied. Its
     * proposal raises the pending index, so that it is made once.
     */
    void maybeLeaveJoint(long applied) {
        if (!raft.tracker().config().autoLeave()
                || !(raft.role() instanceof Leader leader)
                || applied < leader.proposals().pendingConfIndex()) {
            return;
        }
        var leave = new ConfChange.V2(ConfChangeTransition.AUTO, List.of(), Bytes.EMPTY);
        Entry entry = Entry.proposed(leave.entryType(), Bytes.EMPTY);
        switch (raft.propose(new Message.Propose(raft.id(), raft.id(), List.of(entry)))) {
            case ProposeOutcome.Appended ignored -> raft.tracer()
                    .leavingJoint(raft.tracker().config());
            case ProposeOutcome.Forwarded ignored -> throw new InvariantViolation(
                    "a leader forwards a proposal: " + raft.id());
            case ProposeOutcome.Dropped ignored -> raft.tracer()
                    .leavingJointDropped(raft.tracker().config());
        }
    }

    // From a snapshot.

    /** Makes log and configuration those of {@code snapshot}, if that brings anything. */
    Restore restore(Snapshot snapshot) {
        RaftLog log = raft.log();
        if (snapshot.index() <= log.committed()) {
            return Restore.IGNORED;
        }
        ConfState confState = snapshot.confState();
        if (!contains(confState)) {
            raft.tracer().snapshotWithoutMember(snapshot.id());
            return Restore.IGNORED;
        }
        if (log.matches(snapshot.id())) {
            log.commitTo(snapshot.index());
            raft.tracer().fastForwardedToSnapshot(log.committed(), log.last(), snapshot.id());
            return Restore.IGNORED;
        }
        Optional<Changed> restored = restored(confState, snapshot.index());
        if (restored.isEmpty()) {
            return Restore.MALFORMED;
        }
        log.restore(snapshot);
        switchTo(restored.get());
        Progress own = raft.progress(raft.id());
        if (own != null) {
            own.maybeUpdate(own.next() - 1);
        }
        raft.tracer().restoredSnapshot(log.committed(), log.last(), snapshot.id());
        return Restore.RESTORED;
    }

    private boolean contains(ConfState confState) {
        Long self = raft.id();
        return confState.voters().contains(self) || confState.learners().contains(self)
                || confState.votersOutgoing().contains(self);
    }

    /**
     * The configuration to start with.
     *
     * @throws InvariantViolation if storage has one that does not exist
     */
    void start(ConfState confState) {
        switchTo(restored(confState, raft.log().lastIndex()).orElseThrow(
                () -> new InvariantViolation("impossible configuration in storage: " + confState)));
    }
}
