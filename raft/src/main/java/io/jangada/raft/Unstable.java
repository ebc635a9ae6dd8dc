// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Invariant;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.EntrySlices;
import java.util.ArrayList;
import java.util.List;

/**
 * The tail of the log, and the snapshot, that stable storage has not acknowledged (etcd raft:
 * unstable).
 *
 * <p>Invariants: {@code entries} are consecutive from {@code offset} on; {@code offset <=
 * offsetInProgress <= offset + entries.size()}; a snapshot is followed by its next index at {@code
 * offset} or later. Entries below {@code offsetInProgress}, and the snapshot if it is in progress, have
 * been handed out to be written. Owned by the core's thread.
 */
final class Unstable {
    /** A term that no entry has: the entry is not here. */
    static final long UNKNOWN_TERM = -1;

    /** What an entry takes besides its payload. */
    private static final int ENTRY_BYTES = 64;

    private final RaftTracer tracer;
    private final ArrayList<Entry> entries = new ArrayList<>();
    private Snapshot snapshot = Snapshot.EMPTY;
    private boolean snapshotInProgress;
    private long offset;
    private long offsetInProgress;
    private long bytes;

    Unstable(long offset, RaftTracer tracer) {
        this.offset = offset;
        this.offsetInProgress = offset;
        this.tracer = tracer;
    }

    /** The index of the first entry that storage has not acknowledged. */
    long offset() {
        return offset;
    }

    /** The index of the first entry that was not handed out to be written. */
    long offsetInProgress() {
        return offsetInProgress;
    }

    int count() {
        return entries.size();
    }

    /** The payload of the entries, and 64 bytes for each: what they take in memory, about. */
    long bytes() {
        return bytes;
    }

    /** The snapshot that storage has not acknowledged; {@link Snapshot#EMPTY} if there is none. */
    Snapshot snapshot() {
        return snapshot;
    }

    /** The last index here; 0 if there is neither an entry nor a snapshot. */
    long lastIndexOrZero() {
        return entries.isEmpty() ? snapshot.index() : offset + entries.size() - 1;
    }

    /** The term of the entry at {@code index}, or of the snapshot that ends there, or unknown. */
    long term(long index) {
        if (index < offset) {
            return !snapshot.isEmpty() && snapshot.index() == index
                    ? snapshot.term()
                    : UNKNOWN_TERM;
        }
        return index < offset + entries.size()
                ? entries.get((int) (index - offset)).term()
                : UNKNOWN_TERM;
    }

    /** The entries to be written that were not handed out. */
    List<Entry> nextEntries() {
        return List.copyOf(entries.subList((int) (offsetInProgress - offset), entries.size()));
    }

    boolean hasNextEntries() {
        return offsetInProgress < offset + entries.size();
    }

    /** The snapshot to be written, if it was not handed out; else {@link Snapshot#EMPTY}. */
    Snapshot nextSnapshot() {
        return snapshotInProgress ? Snapshot.EMPTY : snapshot;
    }

    /** Everything here has been handed out to be written. */
    void acceptInProgress() {
        offsetInProgress = offset + entries.size();
        snapshotInProgress = !snapshot.isEmpty();
    }

    /**
     * Storage has the log up to {@code id}. Ignored if the log has changed there since: the write that
     * replaces it is still to come.
     */
    void stableTo(EntryId id) {
        long present = term(id.index());
        if (present == UNKNOWN_TERM) {
            tracer.stableEntryMissing(id.index());
            return;
        }
        if (id.index() < offset) {
            tracer.stableEntryMatchedSnapshot(id.index());
            return;
        }
        if (present != id.term()) {
            tracer.stableEntryMismatched(id, new EntryId(present, id.index()));
            return;
        }
        remove(0, (int) (id.index() + 1 - offset));
        offset = id.index() + 1;
        offsetInProgress = Math.max(offsetInProgress, offset);
    }

    /** Storage has the snapshot of {@code index}. Ignored if another one came since. */
    void stableSnapshotTo(long index) {
        if (!snapshot.isEmpty() && snapshot.index() == index) {
            snapshot = Snapshot.EMPTY;
            snapshotInProgress = false;
        }
    }

    /** The log is {@code received} and nothing else. */
    void restore(Snapshot received) {
        remove(0, entries.size());
        snapshot = received;
        snapshotInProgress = false;
        offset = received.index() + 1;
        offsetInProgress = offset;
    }

    /** Appends {@code added}, which replace what is here from the first one's index on. */
    void truncateAndAppend(List<Entry> added) {
        long from = added.getFirst().index();
        if (from <= offset && from < offset + entries.size()) {
            replace(from);
        } else if (from < offset + entries.size()) {
            tracer.unstableTruncated(from);
            remove((int) (from - offset), entries.size());
            offsetInProgress = Math.min(offsetInProgress, from);
        }
        Invariant.check(from == offset + entries.size(), "gap in the unstable log", from, offset);
        for (int i = 0; i < added.size(); i++) { // addAll would copy an immutable list first.
            entries.add(added.get(i));
        }
        bytes += bytes(added);
    }

    private void remove(int from, int to) {
        List<Entry> removed = entries.subList(from, to);
        bytes -= bytes(removed);
        removed.clear();
    }

    private static long bytes(List<Entry> entries) {
        long bytes = (long) entries.size() * ENTRY_BYTES;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).data().size();
        }
        return bytes;
    }

    private void replace(long from) {
        tracer.unstableReplaced(from);
        remove(0, entries.size());
        offset = from;
        offsetInProgress = from;
    }

    /** The entries in [from, to), cut to {@code bytesMax} but never below one. */
    List<Entry> slice(long from, long to, long bytesMax) {
        Invariant.check(from >= offset && to <= offset + entries.size(), "outside the unstable log",
                from, to);
        return EntrySlices.slice(entries, (int) (from - offset), (int) (to - offset), bytesMax);
    }
}
