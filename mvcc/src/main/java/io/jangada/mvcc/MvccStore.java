// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store of keys in all their revisions, with etcd's rules.
 *
 * <p>An empty store is at revision 1. Each transaction that changes a key takes the next revision.
 * Reads go to any revision from the compact revision on.
 *
 * <p>Threads: {@link #beginBatch}, {@link #compactStep}, {@link #restore}, {@link #listen} and
 * {@link #close} belong to the apply loop; everything else may be called by any thread.
 */
public final class MvccStore implements AutoCloseable {
    private static final long FORMAT_VERSION = 2;
    private static final long FIRST_REVISION = 1;
    private static final long NEVER_COMPACTED = -1;
    private static final long CACHE_BYTES_DEFAULT = 16L << 20;

    private final Backend backend;
    private final LatestCache cache;
    private @Nullable CommitListener listener;
    private Compactor compactor;
    /** What the open batch reads, which so outlives a {@link #close} by another thread; null without one. */
    private @Nullable Published batchBase;
    private boolean closed;
    /** Written by the apply loop after each batch; read by any thread. */
    private volatile Published published;

    private MvccStore(Backend backend, Published published, long cacheBytesMax) {
        this.backend = backend;
        this.cache = new LatestCache(cacheBytesMax);
        this.published = published;
        this.compactor = new Compactor(backend, cache, published.reads());
    }

    /**
     * The store that {@code backend} holds, new or not, with a cache of 16 MiB. The store closes the
     * backend.
     *
     * <p>A store whose restoring was cut short opens empty: its owner restores it again.
     *
     * @throws CorruptStoreException if the backend was not written by this version of the store
     */
    public static MvccStore open(Backend backend) {
        return open(backend, CACHE_BYTES_DEFAULT);
    }

    /**
     * The same, with another bound on the cache.
     *
     * @param cacheBytesMax heap, in bytes, for the latest key-values that writers used last; reached
     *     only when that many are in use; 0 for none
     * @throws CorruptStoreException if the backend was not written by this version of the store
     */
    public static MvccStore open(Backend backend, long cacheBytesMax) {
        if (isHalfRestored(backend)) {
            backend.clear();
        }
        BackendSnapshot snapshot = backend.snapshot();
        boolean opened = false;
        try {
            Optional<ByteString> format = snapshot.get(Table.META, Rows.FORMAT);
            if (format.isEmpty()) {
                Batch first = new Batch();
                first.put(Table.META, Rows.FORMAT, Rows.number(FORMAT_VERSION));
                backend.write(first);
            } else if (Rows.number(format.get()) != FORMAT_VERSION) {
                throw new CorruptStoreException("stored in format " + Rows.number(format.get())
                        + ", this program reads format " + FORMAT_VERSION);
            }
            MvccStore store = new MvccStore(backend, published(snapshot), cacheBytesMax);
            opened = true;
            return store;
        } finally {
            if (!opened) {
                snapshot.close();
            }
        }
    }

    private static boolean isHalfRestored(Backend backend) {
        try (BackendSnapshot snapshot = backend.snapshot()) {
            return snapshot.get(Table.META, Rows.RESTORING).isPresent();
        }
    }

    private static Published published(BackendSnapshot snapshot) {
        return new Published(snapshot,
                snapshot.get(Table.META, Rows.REVISION).map(Rows::number).orElse(FIRST_REVISION),
                snapshot.get(Table.META, Rows.COMPACT_REVISION).map(Rows::number)
                        .orElse(NEVER_COMPACTED));
    }

    /** The one who learns of commits from now on; there is one at a time. */
    public void listen(CommitListener to) {
        listener = to;
    }

    /** The latest revision that can be read. */
    public long revision() {
        return published.reads().revision();
    }

    /** The revision up to which history is compacted; -1 if it never was. */
    public long compactRevision() {
        return published.reads().compactRevision();
    }

    /** The state as of the last batch, for reading; must be closed. Never blocks. */
    public ReadView view() {
        Published latest = published;
        while (!latest.tryAcquire()) {
            // Replaced and closed between the two reads: there is a newer one.
            Published newer = published;
            if (newer.equals(latest)) {
                throw new IllegalStateException("store is closed");
            }
            latest = newer;
        }
        return new ReadView(latest);
    }

    /** The latest key-value of {@code key}. */
    public Optional<KeyValue> get(ByteString key) {
        try (ReadView view = view()) {
            return view.get(key);
        }
    }

    /** What the owner remembers under {@code name}. */
    public Optional<ByteString> meta(ByteString name) {
        try (ReadView view = view()) {
            return view.meta(name);
        }
    }

    /**
     * Begins an apply batch.
     *
     * @throws IllegalStateException if one is open, or the store is closed
     */
    public ApplyBatch beginBatch() {
        checkNoBatch();
        batchBase = acquired();
        Reads latest = batchBase.reads();
        return new ApplyBatch(this, new Reads(cache.over(latest.reader()), latest.revision(),
                latest.compactRevision()));
    }

    private void checkNoBatch() {
        if (batchBase != null) {
            throw new IllegalStateException("a batch is open");
        }
    }

    private Published acquired() {
        Published latest = published;
        if (!latest.tryAcquire()) {
            throw new IllegalStateException("store is closed");
        }
        return latest;
    }

    private void endBatch() {
        Published base = batchBase;
        batchBase = null;
        if (base != null) {
            base.release();
        }
    }

    void commit(Batch pending, List<RevisionEvents> changes, Reads after) {
        try {
            write(pending, changes, after);
        } finally {
            endBatch();
        }
    }

    private void write(Batch pending, List<RevisionEvents> changes, Reads after) {
        if (pending.isEmpty()) {
            return;
        }
        backend.write(pending);
        cache.written(pending);
        publish(new Published(backend.snapshot(), after.revision(), after.compactRevision()));
        if (listener != null) {
            listener.committed(List.copyOf(changes), after.revision());
        }
    }

    void aborted() {
        endBatch();
    }

    private void publish(Published next) {
        Published before = published;
        published = next;
        before.release();
    }

    /**
     * Deletes some of what compaction gave up, looking at about {@code rowsMax} rows. Never between
     * the begin and the commit of a batch.
     *
     * @return whether there is more to do
     * @throws IllegalStateException if the store is closed
     */
    public boolean compactStep(int rowsMax) {
        checkNoBatch();
        Published base = acquired();
        try {
            Reads latest = base.reads();
            boolean hasMore = compactor.step(latest, rowsMax);
            publish(new Published(backend.snapshot(), latest.revision(),
                    latest.compactRevision()));
            return hasMore;
        } finally {
            base.release();
        }
    }

    /**
     * The compact revision whose deletions are all done, -1 if none. May be asked by any thread.
     */
    public long finishedCompactRevision() {
        return compactor.finishedRevision();
    }

    /**
     * Returns once everything committed before the call survives a crash. Blocks: not for an event
     * loop.
     */
    public void persist() {
        backend.persist();
    }

    /**
     * Gives the system back what compacted rows take. Blocks, for as long as it takes to write the whole state
     * anew; reads and writes go on.
     */
    public void defragment() {
        backend.defragment();
    }

    /** Looks how large the state is, for {@link #dbSizeBytes}, which trails writes a little. */
    public void measure() {
        backend.measure();
    }

    /** Bytes taken in memory or on disk, stale rows included; an estimate. */
    public long dbSizeBytes() {
        return backend.sizeBytes();
    }

    /** Bytes of rows that count; an estimate. */
    public long dbSizeInUseBytes() {
        return backend.sizeInUseBytes();
    }

    /**
     * Replaces the whole state by what {@link ReadView#writeTo} wrote, and persists it. Open views
     * keep the old one. Blocks.
     *
     * <p>If it fails or is cut short by a crash, the state is lost; the store must then not be used
     * and opens empty, so that its owner restores it again.
     *
     * @throws IOException if {@code in} fails or is not a complete, sound state
     */
    public void restore(InputStream in) throws IOException {
        checkNoBatch();
        cache.clear();
        backend.clear();
        mark(true);
        StateStream.read(in, backend);
        replaced();
    }

    /** A whole new state is there: durably, from now on. */
    void replaced() {
        mark(false);
        publish(published(backend.snapshot()));
        compactor = new Compactor(backend, cache, published.reads());
        if (listener != null) {
            listener.restored(revision());
        }
    }

    /**
     * Empties the store, for a history from elsewhere. Open views keep the old state. The store must not be
     * used until the import is finished; if that does not come to pass, it opens empty.
     */
    public HistoryImport importHistory() {
        checkNoBatch();
        cache.clear();
        backend.clear();
        Batch format = new Batch();
        format.put(Table.META, Rows.FORMAT, Rows.number(FORMAT_VERSION));
        backend.write(format);
        mark(true);
        return new HistoryImport(this, backend);
    }

    /** The rows as they are, compacted ones that are not yet deleted included; for tests. */
    BackendSnapshot backendSnapshot() {
        return backend.snapshot();
    }

    private void mark(boolean restoring) {
        Batch batch = new Batch();
        if (restoring) {
            batch.put(Table.META, Rows.RESTORING, Rows.number(FORMAT_VERSION));
        } else {
            batch.delete(Table.META, Rows.RESTORING);
        }
        backend.write(batch);
        backend.persist();
    }

    /** Closes the backend. Open views stay usable until they are closed. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            published.release();
            backend.close();
        }
    }
}
