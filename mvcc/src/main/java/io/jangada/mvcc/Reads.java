// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.RangeOptions.Content;
import io.jangada.mvcc.backend.BackendReader;
import io.jangada.mvcc.backend.ByteOrder;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The reading rules over one consistent state, shared by views and transactions.
 *
 * @param reader the rows
 * @param revision the latest revision in them
 * @param compactRevision the revision up to which history is compacted, -1 if never
 */
record Reads(BackendReader reader, long revision, long compactRevision) {

    /** {@link ReadView#range}. */
    RangeResult range(KeyRange range, RangeOptions options) {
        long at = resolved(options.revision());
        if (range.isEmpty()) {
            return new RangeResult(List.of(), 0, false);
        }
        Collector found = new Collector(options);
        if (range.isSingle()) {
            at(range.key(), at).ifPresent(found::add);
        } else if (at == revision) {
            scanCurrent(range, found);
        } else {
            scanIndex(range, at, found);
        }
        return found.result();
    }

    /** The key-value of {@code key} at the latest revision. */
    Optional<KeyValue> latest(ByteString key) {
        return reader.get(Table.CURRENT, key).map(KeyValue::decode);
    }

    /** The key-value of {@code key} at {@code atRevision}, which must be one that can be read. */
    Optional<KeyValue> at(ByteString key, long atRevision) {
        if (atRevision == revision) {
            return latest(key);
        }
        ByteString indexed = Rows.indexOf(key);
        try (Cursor versions = reader.cursor(Table.INDEX, Rows.indexAt(indexed, atRevision),
                Rows.indexAfter(indexed))) {
            return versions.isValid() && isPut(versions)
                    ? Optional.of(put(versions.key()))
                    : Optional.empty();
        }
    }

    /**
     * The revision meant by {@code asked}.
     *
     * @throws CompactedException if it is compacted
     * @throws FutureRevisionException if it has not happened
     */
    long resolved(long asked) {
        if (asked <= 0) {
            return revision;
        }
        if (asked > revision) {
            throw new FutureRevisionException(asked, revision);
        }
        if (asked < compactRevision) {
            throw new CompactedException(asked, compactRevision);
        }
        return asked;
    }

    Optional<Lease> lease(long id) {
        return reader.get(Table.LEASE, Rows.number(id)).map(Lease::decode);
    }

    List<Lease> leases() {
        List<Lease> leases = new ArrayList<>();
        try (Cursor rows = reader.cursor(Table.LEASE, ByteString.EMPTY, ByteString.EMPTY)) {
            for (; rows.isValid(); rows.next()) {
                leases.add(Lease.decode(rows.value()));
            }
        }
        return leases;
    }

    List<ByteString> leaseKeys(long id) {
        ByteString prefix = Rows.number(id);
        List<ByteString> keys = new ArrayList<>();
        try (Cursor rows = reader.cursor(Table.LEASE_KEYS, prefix, ByteOrder.prefixEnd(prefix))) {
            for (; rows.isValid(); rows.next()) {
                keys.add(Rows.keyOfLeaseKey(rows.key()));
            }
        }
        return keys;
    }

    Optional<ByteString> meta(ByteString name) {
        return reader.get(Table.META, Rows.ownerMeta(name));
    }

    NavigableMap<ByteString, ByteString> metaByPrefix(ByteString prefix) {
        ByteString from = Rows.ownerMeta(prefix);
        NavigableMap<ByteString, ByteString> found = new TreeMap<>(ByteOrder.UNSIGNED);
        try (Cursor rows = reader.cursor(Table.META, from, ByteOrder.prefixEnd(from))) {
            for (; rows.isValid(); rows.next()) {
                found.put(Rows.ownerName(rows.key()), rows.value());
            }
        }
        return found;
    }

    private void scanCurrent(KeyRange range, Collector found) {
        try (Cursor rows = reader.cursor(Table.CURRENT, range.key(), range.end())) {
            for (; rows.isValid(); rows.next()) {
                if (found.wantsMore()) {
                    found.add(KeyValue.decode(rows.value()));
                } else {
                    found.count();
                }
            }
        }
    }

    private void scanIndex(KeyRange range, long at, Collector found) {
        ByteString end = range.end();
        try (Cursor rows = reader.cursor(Table.INDEX, Rows.indexBound(range.key()),
                end.isEmpty() ? end : Rows.indexBound(end))) {
            while (rows.isValid()) {
                ByteString key = Rows.indexedKey(rows.key());
                if (Rows.indexMain(rows.key()) > at) {
                    rows.seek(Rows.indexAt(key, at));
                }
                if (isOf(rows, key)) {
                    collect(rows, found);
                    skip(rows, key);
                }
            }
        }
    }

    private void collect(Cursor rows, Collector found) {
        if (!isPut(rows)) {
            return;
        }
        if (found.wantsMore()) {
            found.add(put(rows.key()));
        } else {
            found.count();
        }
    }

    private static void skip(Cursor rows, ByteString key) {
        rows.next();
        if (isOf(rows, key)) {
            rows.seek(Rows.indexAfter(key));
        }
    }

    private static boolean isOf(Cursor rows, ByteString key) {
        return rows.isValid() && Rows.indexedKey(rows.key()).equals(key);
    }

    static boolean isPut(Cursor indexRow) {
        return indexRow.value().equals(Rows.INDEX_PUT);
    }

    private KeyValue put(ByteString indexRow) {
        long main = Rows.indexMain(indexRow);
        ByteString row = Rows.history(main, Rows.indexSub(indexRow), EventType.PUT);
        return reader.get(Table.HISTORY, row).map(KeyValue::decode).orElseThrow(
                () -> new CorruptStoreException(
                        "index names revision " + main + ", history lacks it"));
    }

    /** Gathers what the options ask for. */
    private static final class Collector {
        private final RangeOptions options;
        private final List<KeyValue> keyValues = new ArrayList<>();
        private long count;

        Collector(RangeOptions options) {
            this.options = options;
        }

        boolean wantsMore() {
            return options.content() != Content.COUNT
                    && (options.limit() <= 0 || keyValues.size() < options.limit());
        }

        void count() {
            count++;
        }

        void add(KeyValue keyValue) {
            count++;
            if (wantsMore()) {
                keyValues.add(options.content() == Content.KEYS ? keyValue.keyOnly() : keyValue);
            }
        }

        RangeResult result() {
            boolean hasMore = options.content() != Content.COUNT && count > keyValues.size();
            return new RangeResult(keyValues, count, hasMore);
        }
    }
}
