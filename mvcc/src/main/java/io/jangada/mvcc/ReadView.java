// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A consistent state of the store, as one batch left it, for reading.
 *
 * <p>Thread-safe. Must be closed, soon: it keeps old rows from being dropped. Not usable afterwards.
 */
public final class ReadView implements AutoCloseable {
    private final Published published;
    private final Reads reads;
    private final AtomicBoolean closed = new AtomicBoolean();

    ReadView(Published published) {
        this.published = published;
        this.reads = published.reads();
    }

    /** The latest revision in it. */
    public long revision() {
        return reads.revision();
    }

    /** The revision up to which history is compacted; -1 if it never was. */
    public long compactRevision() {
        return reads.compactRevision();
    }

    /**
     * The key-values in {@code range}, by ascending key.
     *
     * @throws CompactedException if the revision asked for is less than the compact revision
     * @throws FutureRevisionException if the revision asked for has not happened
     */
    public RangeResult range(KeyRange range, RangeOptions options) {
        return reads.range(range, options);
    }

    /**
     * The first key-values in {@code range}, by ascending key: at most as many as the options' limit, and no more once
     * their encodings have {@code bytesMax} bytes. Reads no further, where {@link #range} counts to the end.
     *
     * @throws CompactedException if the revision asked for is less than the compact revision
     * @throws FutureRevisionException if the revision asked for has not happened
     */
    public RangePage page(KeyRange range, RangeOptions options, long bytesMax) {
        return reads.page(range, options, bytesMax);
    }

    /** The latest key-value of {@code key}. The cheapest read: one row. */
    public Optional<KeyValue> get(ByteString key) {
        return reads.latest(key);
    }

    /** The lease {@code id}. */
    public Optional<Lease> lease(long id) {
        return reads.lease(id);
    }

    /** All leases, by ascending unsigned id. */
    public List<Lease> leases() {
        return reads.leases();
    }

    /** The keys attached to the lease {@code id}, ascending; none if there is no such lease. */
    public List<ByteString> leaseKeys(long id) {
        return reads.leaseKeys(id);
    }

    /** What the owner remembers under {@code name}. */
    public Optional<ByteString> meta(ByteString name) {
        return reads.meta(name);
    }

    /** What the owner remembers under names that start with {@code prefix}, by name. */
    public NavigableMap<ByteString, ByteString> metaByPrefix(ByteString prefix) {
        return reads.metaByPrefix(prefix);
    }

    /**
     * The hash of all that counts up to {@code revision}, 0 or less for the latest (etcd: HashKV).
     * Reads the whole history: not for an event loop.
     *
     * @throws CompactedException if the revision is less than the compact revision
     * @throws FutureRevisionException if it has not happened
     */
    public KvHash hashKv(long revision) {
        return HistoryHash.of(reads, revision);
    }

    /**
     * A hash of the whole state, which is the same on all members after the same entry: all that
     * {@link #hashKv} covers, the latest key-values as reads see them, and the leases. Reads everything:
     * not for an event loop.
     *
     * @throws CorruptStoreException if a row cannot be read
     */
    public long stateHash() {
        return StateHash.of(reads);
    }

    /**
     * Streams the whole state, owner's memory included, for {@link MvccStore#restore}.
     *
     * <p>The stream has a format version, checksums over chunks of limited length, and an end mark.
     * It is neither flushed nor closed. Not for an event loop.
     */
    public void writeTo(OutputStream out) throws IOException {
        StateStream.write(published.snapshot(), out);
    }

    /**
     * The compact revision up to which what was given up is gone from {@link #history}; -1 if none.
     */
    public long finishedCompactRevision() {
        return published.snapshot().get(Table.META, Rows.FINISHED_COMPACT_REVISION)
                .map(Rows::number).orElse(-1L);
    }

    /**
     * Tells {@code visitor} of all changes that history holds, oldest first: also of those that a compaction
     * gave up, but has not got to yet. {@link HistoryImport} makes a store of them. Not for an event loop.
     */
    public void history(HistoryVisitor visitor) throws IOException {
        try (Cursor rows = published.snapshot().cursor(Table.HISTORY, ByteString.EMPTY,
                ByteString.EMPTY)) {
            for (; rows.isValid(); rows.next()) {
                Version version = Version.decode(rows.value());
                if (!version.link().id().row().equals(rows.key())) {
                    throw new CorruptStoreException("history holds a change "
                            + version.link().id() + " in the place of another");
                }
                visitor.change(rows.key(), version.content());
            }
        }
    }

    /** The changes from {@code fromRevision} on, in whole revisions. */
    HistorySlice history(long fromRevision, HistoryLimits limits) {
        return HistorySlice.read(reads, fromRevision, limits);
    }

    /** The key-value just before {@code event}; empty also if compaction took it. */
    Optional<KeyValue> before(Event event) {
        long revision = event.revision() - 1;
        return revision < Math.max(1, reads.compactRevision())
                ? Optional.empty()
                : reads.before(event);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            published.release();
        }
    }
}
