// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Invariant;
import io.jangada.raft.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stable log in memory: the application fills it once the write-ahead log has the same (etcd
 * raft: MemoryStorage).
 *
 * <p>Invariant: entries are consecutive and begin right after {@code start}, which is the last entry
 * that is compacted away. Owned by the thread that steps the core.
 */
public final class MemoryStorage implements Storage {
    private final @Nullable SnapshotSource source;
    private HardState hardState = HardState.EMPTY;
    private Snapshot snapshot = Snapshot.EMPTY;
    private EntryId start = EntryId.ZERO;
    private final ArrayList<Entry> entries = new ArrayList<>();

    /** Empty; followers get the snapshot that was last created or applied here. */
    public MemoryStorage() {
        source = null;
    }

    /** Empty; followers get what {@code source} makes. */
    public MemoryStorage(SnapshotSource source) {
        this.source = source;
    }

    /**
     * Empty, of a group whose members all begin with {@code confState} (etcd raft 3.7: a snapshot of
     * index 0 that has a configuration only).
     */
    public static MemoryStorage withConfState(ConfState confState) {
        var storage = new MemoryStorage();
        storage.snapshot = new Snapshot(EntryId.ZERO, confState, Bytes.EMPTY);
        return storage;
    }

    @Override
    public InitialState initialState() {
        return new InitialState(hardState, snapshot.confState());
    }

    /** Replaces the hard state. */
    public void setHardState(HardState saved) {
        hardState = saved;
    }

    @Override
    public List<Entry> entries(long from, long to, long bytesMax) throws CompactedException {
        if (from <= start.index()) {
            throw new CompactedException();
        }
        Invariant.check(to <= lastIndex() + 1, "entries asked for up to beyond the last", to,
                lastIndex());
        return EntrySlices.slice(entries, position(from), position(to), bytesMax);
    }

    @Override
    public long term(long index) throws CompactedException, UnavailableException {
        if (index < start.index()) {
            throw new CompactedException();
        }
        if (index > lastIndex()) {
            throw new UnavailableException();
        }
        return index == start.index() ? start.term() : entries.get(position(index)).term();
    }

    @Override
    public long lastIndex() {
        return start.index() + entries.size();
    }

    @Override
    public long firstIndex() {
        return start.index() + 1;
    }

    @Override
    public Snapshot snapshot() throws SnapshotTemporarilyUnavailableException {
        return source == null ? snapshot : source.snapshot();
    }

    /**
     * Appends {@code added}, which replace what is here from the first one's index on; what is
     * compacted already is left out.
     *
     * @throws io.jangada.raft.InvariantViolation if there would be a gap
     */
    public void append(List<Entry> added) {
        if (added.isEmpty() || added.getLast().index() < firstIndex()) {
            return;
        }
        int compacted = (int) Math.max(0, firstIndex() - added.getFirst().index());
        long from = added.get(compacted).index();
        Invariant.check(from <= lastIndex() + 1, "entries missing before the appended ones", from,
                lastIndex());
        entries.subList(position(from), entries.size()).clear();
        for (int i = compacted; i < added.size(); i++) { // addAll would copy an immutable list first.
            entries.add(added.get(i));
        }
    }

    /**
     * Replaces everything by {@code received}.
     *
     * @throws SnapshotOutOfDateException if the snapshot here is as new
     */
    public void applySnapshot(Snapshot received) throws SnapshotOutOfDateException {
        if (!snapshot.isEmpty() && snapshot.index() >= received.index()) {
            throw new SnapshotOutOfDateException();
        }
        snapshot = received;
        entries.clear();
        start = received.id();
    }

    /**
     * Makes a snapshot at {@code index} and keeps the log as it is.
     *
     * @throws SnapshotOutOfDateException if the snapshot here is as new
     * @throws io.jangada.raft.InvariantViolation if the log does not reach {@code index}
     */
    public Snapshot createSnapshot(long index, ConfState confState, Bytes data)
            throws SnapshotOutOfDateException {
        if (index <= snapshot.index()) {
            throw new SnapshotOutOfDateException();
        }
        Invariant.check(index <= lastIndex(), "snapshot beyond the last entry", index, lastIndex());
        long term = index == start.index()
                ? start.term()
                : entries.get(position(index)).term();
        snapshot = new Snapshot(new EntryId(term, index), confState, data);
        return snapshot;
    }

    /**
     * Drops all entries up to {@code index}, this one included.
     *
     * @throws CompactedException if they are gone already
     * @throws io.jangada.raft.InvariantViolation if the log does not reach {@code index}
     */
    public void compact(long index) throws CompactedException {
        if (index <= start.index()) {
            throw new CompactedException();
        }
        Invariant.check(index <= lastIndex(), "compaction beyond the last entry", index,
                lastIndex());
        EntryId last = entries.get(position(index)).id();
        entries.subList(0, position(index) + 1).clear();
        start = last;
    }

    private int position(long index) {
        return Math.toIntExact(index - start.index() - 1);
    }
}
