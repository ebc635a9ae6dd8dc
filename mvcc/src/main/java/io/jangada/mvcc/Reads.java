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
        Collector found = new Collector(options, Long.MAX_VALUE, Beyond.COUNTED);
        collect(range, found);
        return found.result();
    }

    /** {@link ReadView#page}. */
    RangePage page(KeyRange range, RangeOptions options, long bytesMax) {
        Collector found = new Collector(options, bytesMax, Beyond.LEFT);
        collect(range, found);
        return found.page();
    }

    private void collect(KeyRange range, Collector found) {
        long at = resolved(found.options.revision());
        if (range.isEmpty()) {
            return;
        }
        if (range.isSingle()) {
            at(range.key(), at).ifPresent(found::add);
        } else if (at == revision) {
            scanCurrent(range, found);
        } else {
            scanBack(range, at, found);
        }
    }

    /** The key-value of {@code key} at the latest revision. */
    Optional<KeyValue> latest(ByteString key) {
        return current(key).filter(Version::isPut).map(Version::keyValue);
    }

    /** The latest change of {@code key}, a tombstone as long as it has a row; empty if none is left. */
    Optional<Version> current(ByteString key) {
        return reader.get(Table.CURRENT, key).map(Version::decode);
    }

    /** The latest puts of the keys in {@code range}, by ascending key. */
    List<Version> live(KeyRange range) {
        if (range.isEmpty()) {
            return List.of();
        }
        if (range.isSingle()) {
            return current(range.key()).filter(Version::isPut).map(List::of).orElse(List.of());
        }
        List<Version> found = new ArrayList<>();
        try (Cursor rows = reader.cursor(Table.CURRENT, range.key(), range.end())) {
            for (; rows.isValid(); rows.next()) {
                Version version = Version.decode(rows.value());
                if (version.isPut()) {
                    found.add(version);
                }
            }
        }
        return found;
    }

    /** The key-value of {@code key} at {@code atRevision}, which must be one that can be read. */
    Optional<KeyValue> at(ByteString key, long atRevision) {
        if (atRevision == revision) {
            return latest(key);
        }
        Optional<Version> current = current(key);
        if (current.isEmpty()) {
            return Optional.empty();
        }
        Version latest = current.get();
        try (Lookback lookback = new Lookback(reader, KeyRange.single(key))) {
            ChangeId change = lookback.find(key, latest.link(), atRevision);
            return change.isPut()
                    ? Optional.of(keyValue(change, latest, lookback))
                    : Optional.empty();
        }
    }

    private static KeyValue keyValue(ChangeId change, Version latest, Lookback lookback) {
        Version version = change.equals(latest.link().id()) ? latest : lookback.version(change);
        return version.keyValue();
    }

    /**
     * The key-value at the revision before that of {@code event}, which must be one that can be read.
     */
    Optional<KeyValue> before(Event event) {
        ByteString key = event.keyValue().key();
        long before = event.revision() - 1;
        ChangeId named = event.previousChange().orElse(null);
        if (named == null || named.main() > before) {
            return at(key, before);
        }
        if (!named.isPut()) {
            return Optional.empty();
        }
        try (Lookback lookback = new Lookback(reader, KeyRange.single(key))) {
            return Optional.of(lookback.version(named).keyValue());
        }
    }

    /** Whether there was any key at {@code atRevision}, which must be one that can be read. */
    boolean hasKeys(long atRevision) {
        try (Cursor rows = reader.cursor(Table.CURRENT, ByteString.EMPTY, ByteString.EMPTY);
                Lookback lookback = new Lookback(reader, KeyRange.ALL)) {
            for (; rows.isValid(); rows.next()) {
                Link latest = Version.decode(rows.value()).link();
                if (lookback.find(rows.key(), latest, atRevision).isPut()) {
                    return true;
                }
            }
        }
        return false;
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
            for (; rows.isValid() && !found.isOver(); rows.next()) {
                if (found.wantsMore()) {
                    Version version = Version.decode(rows.value());
                    if (version.isPut()) {
                        found.add(version.keyValue());
                    }
                } else if (link(rows).id().isPut()) {
                    found.count();
                }
            }
        }
    }

    private void scanBack(KeyRange range, long at, Collector found) {
        try (Cursor rows = reader.cursor(Table.CURRENT, range.key(), range.end());
                Lookback lookback = new Lookback(reader, range)) {
            for (; rows.isValid() && !found.isOver(); rows.next()) {
                if (!found.wantsMore()) {
                    if (lookback.find(rows.key(), link(rows), at).isPut()) {
                        found.count();
                    }
                    continue;
                }
                Version latest = Version.decode(rows.value());
                ChangeId change = lookback.find(rows.key(), latest.link(), at);
                if (change.isPut()) {
                    found.add(keyValue(change, latest, lookback));
                }
            }
        }
    }

    /* Enough for a count, however long the value is. */
    private static Link link(Cursor rows) {
        return Version.link(rows.valueHead(Version.LINK_BYTES_MAX));
    }

    /** What becomes of keys that are not returned. */
    private enum Beyond {
        COUNTED, LEFT
    }

    /** Gathers what the options ask for. */
    private static final class Collector {
        private final RangeOptions options;
        private final long bytesMax;
        private final Beyond beyond;
        private final List<KeyValue> keyValues = new ArrayList<>();
        private long bytes;
        private long count;

        Collector(RangeOptions options, long bytesMax, Beyond beyond) {
            this.options = options;
            this.bytesMax = bytesMax;
            this.beyond = beyond;
        }

        boolean wantsMore() {
            return options.content() != Content.COUNT && bytes < bytesMax
                    && (options.limit() <= 0 || keyValues.size() < options.limit());
        }

        boolean isOver() {
            return beyond == Beyond.LEFT && count > keyValues.size();
        }

        void count() {
            count++;
        }

        void add(KeyValue keyValue) {
            count++;
            if (wantsMore()) {
                KeyValue kept = options.content() == Content.KEYS ? keyValue.keyOnly() : keyValue;
                bytes += kept.encodedBytes();
                keyValues.add(kept);
            }
        }

        RangeResult result() {
            boolean hasMore = options.content() != Content.COUNT && count > keyValues.size();
            return new RangeResult(keyValues, count, hasMore);
        }

        RangePage page() {
            return new RangePage(keyValues, count > keyValues.size());
        }
    }
}
