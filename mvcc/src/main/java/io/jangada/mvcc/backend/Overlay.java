// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reader that sees the changes of a batch over another reader.
 *
 * <p>Owned by the thread that owns the batch. The batch may grow between calls, but not while a
 * cursor is open.
 */
public final class Overlay implements BackendReader {
    private final Batch batch;
    private final BackendReader below;

    /** {@code batch} over {@code below}; both are kept. */
    public Overlay(Batch batch, BackendReader below) {
        this.batch = batch;
        this.below = below;
    }

    @Override
    public Optional<ByteString> get(Table table, ByteString key) {
        return switch (batch.change(table, key)) {
            case null -> below.get(table, key);
            case Change.Put put -> Optional.of(put.value());
            case Change.Delete ignored -> Optional.empty();
        };
    }

    @Override
    public Cursor cursor(Table table, ByteString from, ByteString to) {
        NavigableMap<ByteString, Change> rows = batch.changes(table);
        Cursor base = below.cursor(table, from, to);
        return rows.isEmpty() ? base : new Merge(rows, base, from, to);
    }

    /** Merges two ordered sequences; on equal keys the batch's row hides the other. */
    private static final class Merge implements Cursor {
        private final NavigableMap<ByteString, Change> rows;
        private final Cursor base;
        private final ByteString from;
        private final ByteString to;
        private Map.@Nullable Entry<ByteString, Change> change;
        private boolean atChange;

        Merge(NavigableMap<ByteString, Change> rows, Cursor base, ByteString from, ByteString to) {
            this.rows = rows;
            this.base = base;
            this.from = from;
            this.to = to;
            this.change = bounded(rows.ceilingEntry(from));
            settle();
        }

        @Override
        public boolean isValid() {
            return atChange || base.isValid();
        }

        @Override
        public void next() {
            Map.Entry<ByteString, Change> here = change;
            if (!atChange || here == null) {
                base.next();
            } else {
                change = bounded(rows.higherEntry(here.getKey()));
            }
            settle();
        }

        @Override
        public void seek(ByteString key) {
            base.seek(key);
            change = bounded(rows.ceilingEntry(ByteOrder.compare(key, from) < 0 ? from : key));
            settle();
        }

        @Override
        public ByteString key() {
            Map.Entry<ByteString, Change> here = change;
            return atChange && here != null ? here.getKey() : base.key();
        }

        @Override
        public ByteString value() {
            Map.Entry<ByteString, Change> here = change;
            if (atChange && here != null && here.getValue() instanceof Change.Put put) {
                return put.value();
            }
            return base.value();
        }

        @Override
        public void close() {
            base.close();
        }

        /** Decides which side is here: the smaller key, past base rows that the batch hides. */
        private void settle() {
            atChange = false;
            while (change != null) {
                int order = base.isValid() ? ByteOrder.compare(base.key(), change.getKey()) : 1;
                if (order < 0) {
                    return;
                }
                if (order == 0) {
                    base.next();
                }
                if (change.getValue() instanceof Change.Put) {
                    atChange = true;
                    return;
                }
                change = bounded(rows.higherEntry(change.getKey()));
            }
        }

        private Map.@Nullable Entry<ByteString, Change> bounded(
                Map.@Nullable Entry<ByteString, Change> entry) {
            return entry == null || ByteOrder.isWithin(entry.getKey(), from, to) ? entry : null;
        }
    }
}
