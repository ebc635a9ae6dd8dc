// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Entry;
import io.jangada.raft.tracker.Progress;
import java.util.List;

/**
 * What this member's log writer and state machine have done, and whether the writer is stuck. Owned by
 * the core's thread.
 */
final class StorageEvents {
    private final Raft raft;
    private long ownMatchAtLastCheck;
    private boolean owedAtLastCheck;
    private boolean stalled;

    StorageEvents(Raft raft) {
        this.raft = raft;
    }

    /**
     * An acknowledgement of an earlier term may name an entry that was overwritten since and written
     * again, with the write still under way, so it makes nothing stable; one of this term will follow.
     * A snapshot can be told by its index alone: what is committed does not change.
     */
    void handleAppended(LocalEvent.StorageAppended appended) {
        stalled = false;
        RaftLog log = raft.log();
        if (appended.last().index() != 0) {
            if (appended.term() < raft.term()) {
                raft.tracer().staleAppendIgnored(raft.term(), appended.term());
            } else {
                log.unstable().stableTo(appended.last());
            }
        }
        if (appended.snapshot().index() != 0) {
            log.unstable().stableSnapshotTo(appended.snapshot().index());
            appliedTo(appended.snapshot().index(), 0);
        }
    }

    void handleApplied(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        appliedTo(entries.getLast().index(), Entry.encodedBytes(entries));
        if (raft.role() instanceof Leader leading) {
            leading.proposals().release(Replicator.payloadBytes(entries));
        }
    }

    private void appliedTo(long index, long bytes) {
        long applied = Math.max(index, raft.log().applied());
        raft.log().appliedTo(applied, bytes);
        raft.membership().maybeLeaveJoint(applied);
    }

    /**
     * A leader asks once per election timeout: whether others have committed what its own disk owes,
     * and its disk has acknowledged nothing all the time. Such a leader looks alive, but can apply and
     * answer nothing, and a member whose disk works should lead.
     */
    boolean checkStalled() {
        Progress own = raft.progress(raft.id());
        boolean owes = own != null && own.match() < raft.log().committed();
        long match = own == null ? 0 : own.match();
        stalled = owes && owedAtLastCheck && match == ownMatchAtLastCheck;
        owedAtLastCheck = owes;
        ownMatchAtLastCheck = match;
        return stalled;
    }

    /** Whether the log writer was found stuck and has not answered since: this member does not campaign. */
    boolean isStalled() {
        return stalled;
    }
}
