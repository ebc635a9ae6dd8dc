// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;

/** What the tables of a store hold, read row by row past the store's own rules. */
final class StoredRows {
    private StoredRows() {}

    /** The rows of HISTORY, ascending: revision and type. */
    static List<String> history(MvccStore store) {
        List<String> rows = new ArrayList<>();
        forEach(store, Table.HISTORY, (key, value) -> rows
                .add(Rows.historyMain(key) + " " + Rows.historyType(key)));
        return rows;
    }

    /** The keys in CURRENT whose row is a tombstone, with its revision. */
    static List<String> tombstones(MvccStore store) {
        List<String> rows = new ArrayList<>();
        forEach(store, Table.CURRENT, (key, value) -> {
            Version version = Version.decode(value);
            if (!version.isPut()) {
                rows.add(key.toStringUtf8() + " " + version.link().id().main());
            }
        });
        return rows;
    }

    /** The changes that INDEX names, by key. */
    static List<String> milestones(MvccStore store) {
        List<String> rows = new ArrayList<>();
        forEach(store, Table.INDEX, (key, value) -> rows
                .add(Rows.milestoneId(key, value).toString()));
        return rows.stream().sorted().toList();
    }

    /** The changes after the compact revision that INDEX should name. */
    static List<String> milestonesOfHistory(MvccStore store) {
        List<String> rows = new ArrayList<>();
        forEach(store, Table.HISTORY, (key, value) -> {
            Link link = Version.decode(value).link();
            if (link.changes() % 16 == 0 && link.id().main() > store.compactRevision()) {
                rows.add(link.id().toString());
            }
        });
        return rows.stream().sorted().toList();
    }

    /** The rows of HISTORY after {@code revision}, byte for byte. */
    static List<String> versionsAfter(MvccStore store, long revision) {
        List<String> rows = new ArrayList<>();
        forEach(store, Table.HISTORY, (key, value) -> {
            if (Rows.historyMain(key) > revision) {
                rows.add(row(key, value));
            }
        });
        return rows;
    }

    /** All rows of all tables, byte for byte. */
    static List<String> all(MvccStore store) {
        List<String> rows = new ArrayList<>();
        for (Table table : Table.ALL) {
            forEach(store, table, (key, value) -> rows.add(table + " " + row(key, value)));
        }
        return rows;
    }

    private static String row(ByteString key, ByteString value) {
        HexFormat hex = HexFormat.of();
        return hex.formatHex(key.toByteArray()) + " " + hex.formatHex(value.toByteArray());
    }

    private static void forEach(MvccStore store, Table table,
            BiConsumer<ByteString, ByteString> row) {
        try (BackendSnapshot snapshot = store.backendSnapshot();
                Cursor cursor = snapshot.cursor(table, ByteString.EMPTY, ByteString.EMPTY)) {
            for (; cursor.isValid(); cursor.next()) {
                row.accept(cursor.key(), cursor.value());
            }
        }
    }
}
