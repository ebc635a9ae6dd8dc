// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Invariant;
import io.jangada.raft.model.InvariantViolation;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.SnapshotTemporarilyUnavailableException;
import io.jangada.raft.storage.Storage;
import io.jangada.raft.storage.UnavailableException;
import java.util.ArrayList;
import java.util.List;

/**
 * The log as the protocol sees it: an unstable tail over a stable log (etcd raft: raftLog).
 *
 * <p>Invariants: {@code applied <= applying <= committed <= lastIndex}, and none of the watermarks ever
 * goes down. Owned by the core's thread.
 */
final class RaftLog {
    static final long UNKNOWN_TERM = Unstable.UNKNOWN_TERM;

    private final Storage storage;
    private final Unstable unstable;
    private final RaftTracer tracer;
    private final long applyingBytesMax;
    private long committed;
    private long applying;
    private long applied;
    private long applyingBytes;
    private boolean applyingPaused;

    /** Over what {@code storage} holds; {@code applyingBytesMax} limits what is handed out at a time. */
    RaftLog(Storage storage, RaftTracer tracer, long applyingBytesMax) {
        this.storage = storage;
        this.tracer = tracer;
        this.applyingBytesMax = Math.max(1, applyingBytesMax);
        unstable = new Unstable(storage.lastIndex() + 1, tracer);
        committed = storage.firstIndex() - 1;
        applying = committed;
        applied = committed;
    }

    long committed() {
        return committed;
    }

    long applied() {
        return applied;
    }

    long applying() {
        return applying;
    }

    Unstable unstable() {
        return unstable;
    }

    long firstIndex() {
        return unstable.snapshot().isEmpty()
                ? storage.firstIndex()
                : unstable.snapshot().index() + 1;
    }

    long lastIndex() {
        long last = unstable.lastIndexOrZero();
        return last != 0 ? last : storage.lastIndex();
    }

    EntryId last() {
        long last = lastIndex();
        long term = term(last);
        Invariant.check(term != UNKNOWN_TERM, "the last entry has no term", last, committed);
        return new EntryId(term, last);
    }

    /** The term at {@code index}; {@link #UNKNOWN_TERM} if it is compacted away or not there yet. */
    long term(long index) {
        long term = unstable.term(index);
        if (term != UNKNOWN_TERM) {
            return term;
        }
        if (index + 1 < firstIndex() || index > lastIndex()) {
            return UNKNOWN_TERM;
        }
        try {
            return storage.term(index);
        } catch (CompactedException | UnavailableException ignored) {
            return UNKNOWN_TERM;
        }
    }

    /** The term at {@code index}, 0 if it is not known. */
    long termOrZero(long index) {
        return Math.max(0, term(index));
    }

    boolean matches(EntryId id) {
        return term(id.index()) == id.term();
    }

    /** Whether a log that ends with {@code other} is at least as recent (Raft thesis 3.6.1). */
    boolean isUpToDate(EntryId other) {
        return other.compareTo(last()) >= 0;
    }

    /** Appends at the end, or over entries that are not committed. */
    void append(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        long before = entries.getFirst().index() - 1;
        Invariant.check(before >= committed, "append would replace a committed entry", before,
                committed);
        unstable.truncateAndAppend(entries);
    }

    /**
     * Appends what is missing or conflicts, and commits as far as the leader has and these entries
     * reach (Raft thesis 3.5). {@code previous} must match.
     *
     * @return the index of the last of these entries
     */
    long appendMatching(EntryId previous, List<Entry> entries, long leaderCommit) {
        long lastNew = previous.index() + entries.size();
        int conflict = firstMissing(entries);
        if (conflict < entries.size()) {
            Entry first = entries.get(conflict);
            if (first.index() <= lastIndex()) {
                tracer.conflictFound(first.id(), termOrZero(first.index()));
            }
            append(conflict == 0 ? entries : entries.subList(conflict, entries.size()));
        }
        commitTo(Math.min(leaderCommit, lastNew));
        return lastNew;
    }

    /** The position of the first of {@code entries} that the log lacks or has with another term. */
    int firstMissing(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            if (term(entries.get(i).index()) != entries.get(i).term()) {
                return i;
            }
        }
        return entries.size();
    }

    /**
     * From {@code index} downwards the first entry whose term is at most {@code term} or unknown; its
     * term is 0 if unknown. A whole divergent term is skipped in one step (Raft thesis 3.5, end).
     */
    EntryId findConflictByTerm(long index, long term) {
        for (long i = index; i > 0; i--) {
            long ours = term(i);
            if (ours <= term) {
                return new EntryId(Math.max(0, ours), i);
            }
        }
        return EntryId.ZERO;
    }

    /** Everything up to {@code index} is committed; never goes down. */
    void commitTo(long index) {
        if (committed < index) {
            long last = lastIndex();
            Invariant.check(index <= last, "committed beyond the last entry", index, last);
            committed = index;
        }
    }

    /** Commits up to {@code id} if that is new and the log has it. Whether it did. */
    boolean maybeCommit(EntryId id) {
        if (id.index() > committed && id.term() != 0 && matches(id)) {
            commitTo(id.index());
            return true;
        }
        return false;
    }

    /** The state machine has everything up to {@code index}, {@code bytes} of it handed out by us. */
    void appliedTo(long index, long bytes) {
        Invariant.check(applied <= index && index <= committed, "applied out of range", index,
                committed);
        applied = index;
        applying = Math.max(applying, index);
        applyingBytes = Math.max(0, applyingBytes - bytes);
        applyingPaused = applyingBytes >= applyingBytesMax;
    }

    /** The entries up to {@code index}, of {@code bytes}, have been handed out to be applied. */
    void acceptApplying(long index, long bytes, boolean allowUnstable) {
        Invariant.check(index <= committed, "applying beyond committed", index, committed);
        applying = index;
        applyingBytes += bytes;
        // A handed-out part that the limit has cut means that the limit is reached, whatever is left.
        applyingPaused = applyingBytes >= applyingBytesMax || index < appliable(allowUnstable);
    }

    /** Committed entries to hand out; {@code allowUnstable} includes those that are not yet stable. */
    List<Entry> nextCommitted(boolean allowUnstable) {
        if (!hasNextCommitted(allowUnstable)) {
            return List.of();
        }
        try {
            return slice(applying + 1, appliable(allowUnstable) + 1,
                    applyingBytesMax - applyingBytes);
        } catch (CompactedException ignored) {
            throw new InvariantViolation("an entry was compacted before it was applied: "
                    + (applying + 1));
        }
    }

    boolean hasNextCommitted(boolean allowUnstable) {
        return !applyingPaused && unstable.snapshot().isEmpty()
                && applying < appliable(allowUnstable);
    }

    private long appliable(boolean allowUnstable) {
        return allowUnstable ? committed : Math.min(committed, unstable.offset() - 1);
    }

    /** Whether an entry in (applied, committed] changes the membership. Reads in pages. */
    boolean hasUnappliedConfChange() {
        long from = applied + 1;
        while (from <= committed) {
            List<Entry> page = entriesForScan(from);
            for (int i = 0; i < page.size(); i++) {
                if (page.get(i).type() != EntryType.NORMAL) {
                    return true;
                }
            }
            from += page.size();
        }
        return false;
    }

    private List<Entry> entriesForScan(long from) {
        try {
            return slice(from, committed + 1, applyingBytesMax);
        } catch (CompactedException ignored) {
            throw new InvariantViolation("an entry was compacted before it was applied: " + from);
        }
    }

    /** The entries from {@code from} to the end, cut to {@code bytesMax} but never below one. */
    List<Entry> entries(long from, long bytesMax) throws CompactedException {
        return from > lastIndex() ? List.of() : slice(from, lastIndex() + 1, bytesMax);
    }

    /** The entries in [from, to), cut to {@code bytesMax} but never below one. */
    List<Entry> slice(long from, long to, long bytesMax) throws CompactedException {
        if (from < firstIndex()) {
            throw new CompactedException();
        }
        Invariant.check(from <= to && to <= lastIndex() + 1, "slice out of the log", from, to);
        if (from == to) {
            return List.of();
        }
        if (from >= unstable.offset()) {
            return unstable.slice(from, to, bytesMax);
        }
        long stableTo = Math.min(to, unstable.offset());
        List<Entry> stable = storage.entries(from, stableTo, bytesMax);
        // Shorter than asked for: the limit cut it, and so nothing may follow.
        return to == stableTo || stable.size() < stableTo - from
                ? stable
                : stitch(stable, to, bytesMax);
    }

    private List<Entry> stitch(List<Entry> stable, long to, long bytesMax) {
        long left = bytesMax - Entry.encodedBytes(stable);
        if (left <= 0) {
            return stable;
        }
        List<Entry> rest = unstable.slice(unstable.offset(), to, left);
        if (rest.getFirst().encodedBytes() > left) {
            return stable;
        }
        var both = new ArrayList<Entry>(stable.size() + rest.size());
        both.addAll(stable);
        both.addAll(rest);
        return both;
    }

    /** The log is {@code snapshot} and nothing else; applied once storage has it. */
    void restore(Snapshot snapshot) {
        tracer.restoringSnapshot(positions(), snapshot.id());
        committed = snapshot.index();
        unstable.restore(snapshot);
    }

    Snapshot snapshot() throws SnapshotTemporarilyUnavailableException {
        return unstable.snapshot().isEmpty() ? storage.snapshot() : unstable.snapshot();
    }

    private LogPositions positions() {
        return new LogPositions(committed, applied, applying, unstable.offset(),
                unstable.offsetInProgress(), unstable.count());
    }
}
