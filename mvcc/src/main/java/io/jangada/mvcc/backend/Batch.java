// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Changes to rows that a backend applies atomically. The last change of a row wins.
 *
 * <p>Owned by one thread. It is ordered, so that it serves as an overlay to read pending changes.
 */
public final class Batch {
    private static final Change.Delete DELETE = new Change.Delete();

    private final Map<Table, NavigableMap<ByteString, Change>> changes = new EnumMap<>(Table.class);
    private long bytes;

    /** An empty batch. */
    public Batch() {
        for (Table table : Table.ALL) {
            changes.put(table, new TreeMap<>(ByteOrder.UNSIGNED));
        }
    }

    /** Sets {@code key} of {@code table} to {@code value}. */
    public void put(Table table, ByteString key, ByteString value) {
        of(table).put(key, new Change.Put(value));
        bytes += key.size() + value.size();
    }

    /** Removes {@code key} from {@code table}, if it is there. */
    public void delete(Table table, ByteString key) {
        of(table).put(key, DELETE);
        bytes += key.size();
    }

    /** Adds the changes of {@code later} after these. */
    public void add(Batch later) {
        later.changes.forEach((table, rows) -> of(table).putAll(rows));
        bytes += later.bytes;
    }

    /** The changes to {@code table}, by key; a read-only view. */
    public NavigableMap<ByteString, Change> changes(Table table) {
        return Collections.unmodifiableNavigableMap(of(table));
    }

    /** Bytes of keys and values put or deleted so far. */
    public long bytes() {
        return bytes;
    }

    /** Whether nothing would change. */
    public boolean isEmpty() {
        return changes.values().stream().allMatch(Map::isEmpty);
    }

    private NavigableMap<ByteString, Change> of(Table table) {
        NavigableMap<ByteString, Change> rows = changes.get(table);
        if (rows == null) {
            throw new IllegalStateException("no table " + table);
        }
        return rows;
    }
}
