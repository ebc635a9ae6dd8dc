// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes to rows that a backend applies atomically. The last change of a row wins.
 *
 * <p>Owned by one thread. It is a list of changes per table, in the order of their making; a hash map
 * and a sorted map over them grow only when a reader asks for a row or for an order, so that most
 * changes, which nobody reads before they are written, cost no more than being listed.
 */
public final class Batch {
    /** One change of one row. */
    public record Row(ByteString key, Change change) {}

    private static final Change.Delete DELETE = new Change.Delete();

    /** By number of the table; a table that is not changed has none. */
    private final @Nullable Rows[] tables = new Rows[Table.ALL.size()];
    private long bytes;

    /** An empty batch. */
    public Batch() {}

    /** Sets {@code key} of {@code table} to {@code value}. */
    public void put(Table table, ByteString key, ByteString value) {
        of(table).log.add(new Row(key, new Change.Put(value)));
        bytes += key.size() + value.size();
    }

    /** Removes {@code key} from {@code table}, if it is there. */
    public void delete(Table table, ByteString key) {
        of(table).log.add(new Row(key, DELETE));
        bytes += key.size();
    }

    /** Adds the changes of {@code later} after these. */
    public void add(Batch later) {
        for (Table table : Table.ALL) {
            Rows rows = later.tables[table.number()];
            if (rows != null) {
                of(table).log.addAll(rows.log);
            }
        }
        bytes += later.bytes;
    }

    /**
     * The changes to {@code table} in the order of their making, rows that change twice twice; a
     * read-only view.
     */
    public List<Row> log(Table table) {
        Rows rows = tables[table.number()];
        return rows == null ? List.of() : Collections.unmodifiableList(rows.log);
    }

    /** The last change of each row of {@code table}, by key; read-only, as of now. */
    public NavigableMap<ByteString, Change> changes(Table table) {
        Rows rows = tables[table.number()];
        return rows == null
                ? Collections.emptyNavigableMap()
                : Collections.unmodifiableNavigableMap(rows.sorted());
    }

    /** The last change of the row {@code key} of {@code table}; null if it is not changed. */
    @Nullable
    Change change(Table table, ByteString key) {
        Rows rows = tables[table.number()];
        return rows == null ? null : rows.hashed().get(key);
    }

    /** Bytes of keys and values put or deleted so far. */
    public long bytes() {
        return bytes;
    }

    /** Whether nothing would change. */
    public boolean isEmpty() {
        for (Rows rows : tables) {
            if (rows != null) {
                return false;
            }
        }
        return true;
    }

    private Rows of(Table table) {
        Rows rows = tables[table.number()];
        if (rows == null) {
            rows = new Rows();
            tables[table.number()] = rows;
        }
        return rows;
    }

    /** The changes to one table, at least one; the maps hold the first so many of the log. */
    private static final class Rows {
        private static final int ROWS_EXPECTED = 4;

        private final List<Row> log = new ArrayList<>(ROWS_EXPECTED);
        private @Nullable Map<ByteString, Change> hashed;
        private @Nullable NavigableMap<ByteString, Change> sorted;
        private int hashedCount;
        private int sortedCount;

        Map<ByteString, Change> hashed() {
            Map<ByteString, Change> map = hashed;
            if (map == null) {
                map = new HashMap<>();
                hashed = map;
            }
            for (; hashedCount < log.size(); hashedCount++) {
                Row row = log.get(hashedCount);
                map.put(row.key, row.change);
            }
            return map;
        }

        NavigableMap<ByteString, Change> sorted() {
            NavigableMap<ByteString, Change> map = sorted;
            if (map == null) {
                map = new TreeMap<>(ByteOrder.UNSIGNED);
                sorted = map;
            }
            for (; sortedCount < log.size(); sortedCount++) {
                Row row = log.get(sortedCount);
                map.put(row.key, row.change);
            }
            return map;
        }
    }
}
