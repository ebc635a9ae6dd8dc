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
 * <p>Invariant: {@code packed} and after it {@code entries} are consecutive, and begin right after {@code start},
 * which is the last entry that is compacted away; {@code packed} may begin before. Owned by the thread that
 * steps the core.
 */
public final class MemoryStorage implements Storage {
    /** What stays as it is when the log is packed. */
    public static final long UNPACKED_BYTES = 256 << 10;

    /** What an entry takes besides its payload. */
    private static final long ENTRY_BYTES = 80;

    private final @Nullable SnapshotSource source;
    private HardState hardState = HardState.EMPTY;
    private Snapshot snapshot = Snapshot.EMPTY;
    private EntryId start = EntryId.ZERO;
    private final PackedEntries packed;
    private final ArrayList<Entry> entries = new ArrayList<>();
    private long entryBytes;

    /** Empty; followers get the snapshot that was last created or applied here. */
    public MemoryStorage() {
        this(null, new SlabPool(0));
    }

    /** Empty; followers get what {@code source} makes. */
    public MemoryStorage(SnapshotSource source) {
        this(source, new SlabPool(0));
    }

    /** As above; what is packed is in arrays from {@code pool}, which belongs to the same thread. */
    public MemoryStorage(@Nullable SnapshotSource source, SlabPool pool) {
        this.source = source;
        packed = new PackedEntries(pool);
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
        if (from >= tailFirst()) {
            return EntrySlices.slice(entries, position(from), position(to), bytesMax);
        }
        var found = new ArrayList<Entry>();
        long left = packed.read(from, Math.min(to, tailFirst()), bytesMax, found);
        for (long index = tailFirst(); index < to && left >= 0; index++) {
            Entry entry = entries.get(position(index));
            left -= entry.encodedBytes();
            if (left >= 0) {
                found.add(entry);
            }
        }
        return found;
    }

    @Override
    public long term(long index) throws CompactedException, UnavailableException {
        if (index < start.index()) {
            throw new CompactedException();
        }
        if (index > lastIndex()) {
            throw new UnavailableException();
        }
        return index == start.index() ? start.term() : id(index).term();
    }

    @Override
    public long lastIndex() {
        return tailFirst() + entries.size() - 1;
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
     * @throws io.jangada.raft.model.InvariantViolation if there would be a gap
     */
    public void append(List<Entry> added) {
        if (added.isEmpty() || added.getLast().index() < firstIndex()) {
            return;
        }
        int compacted = (int) Math.max(0, firstIndex() - added.getFirst().index());
        long from = added.get(compacted).index();
        Invariant.check(from <= lastIndex() + 1, "entries missing before the appended ones", from,
                lastIndex());
        Invariant.check(from >= tailFirst(), "an entry that is packed would be replaced", from,
                tailFirst());
        remove(position(from), entries.size());
        for (int i = compacted; i < added.size(); i++) { // addAll would copy an immutable list first.
            entries.add(added.get(i));
            entryBytes += bytes(added.get(i));
        }
    }

    /**
     * Keeps the entries up to {@code index} in a form that costs the collector nothing, but for the newest
     * {@link #UNPACKED_BYTES}, which are still being sent and applied. Reading them makes copies. They may
     * not be replaced any more: they are committed.
     */
    public void pack(long index) {
        if (entryBytes <= 2 * UNPACKED_BYTES) {
            return;
        }
        int count = 0;
        long left = entryBytes;
        while (count < entries.size() && entries.get(count).index() <= index
                && left > UNPACKED_BYTES) {
            left -= bytes(entries.get(count));
            packed.add(entries.get(count));
            count++;
        }
        remove(0, count);
    }

    /** The last index behind which there are {@code bytesMax} or more of packed entries; 0 if there are fewer. */
    public long indexBefore(long bytesMax) {
        return packed.indexBefore(bytesMax);
    }

    /** What the entries take in memory, about. */
    public long bytes() {
        return entryBytes + packed.bytes();
    }

    private static long bytes(Entry entry) {
        return ENTRY_BYTES + entry.data().size();
    }

    private void remove(int from, int to) {
        List<Entry> removed = entries.subList(from, to);
        for (int i = 0; i < removed.size(); i++) {
            entryBytes -= bytes(removed.get(i));
        }
        removed.clear();
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
        packed.clear();
        remove(0, entries.size());
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
        snapshot = new Snapshot(index == start.index() ? start : id(index), confState, data);
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
        EntryId last = id(index);
        if (index >= tailFirst()) {
            remove(0, position(index) + 1);
        }
        packed.dropTo(index);
        start = last;
    }

    /** The index that the first of {@code entries} has, or would have. */
    private long tailFirst() {
        return (packed.isEmpty() ? start.index() : packed.last()) + 1;
    }

    private int position(long index) {
        return Math.toIntExact(index - tailFirst());
    }

    /** What is at {@code index}, which is not compacted. */
    private EntryId id(long index) {
        long term = index < tailFirst()
                ? packed.term(index)
                : entries.get(position(index)).term();
        return new EntryId(term, index);
    }
}
