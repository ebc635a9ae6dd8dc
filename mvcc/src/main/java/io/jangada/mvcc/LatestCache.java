// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.BackendReader;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Change;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of CURRENT that transactions read or wrote last, so that a put to a key in use does not
 * ask the backend what the key was.
 *
 * <p>Invariant: what it holds of a row, be it that there is none, is what the backend holds after the
 * last {@link #written} batch. Batches that are not written never reach it; whoever changes the
 * backend in another way must {@link #clear} it. The rows used least recently go when the limit is
 * reached. Owned by the apply loop.
 */
final class LatestCache {
    /** What a row costs beside its bytes: map entry, byte strings, arrays' headers; about. */
    private static final int ROW_OVERHEAD_BYTES = 200;

    private final long bytesMax;
    private final Map<ByteString, Optional<ByteString>> rows = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** A cache of about {@code bytesMax} bytes of heap; with 0 it holds nothing. */
    LatestCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A reader of {@code state}, the backend as of the last {@link #written} batch. */
    BackendReader over(BackendReader state) {
        return new Reader(this, state);
    }

    /** Follows {@code batch}, which the backend has written. */
    void written(Batch batch) {
        for (Batch.Row row : batch.log(Table.CURRENT)) {
            switch (row.change()) {
                case Change.Put put -> hold(row.key(), Optional.of(put.value()));
                case Change.Delete ignored -> forget(row.key());
            }
        }
    }

    void clear() {
        rows.clear();
        bytes = 0;
    }

    /** What it takes by its own reckoning. */
    long bytes() {
        return bytes;
    }

    private Optional<ByteString> get(ByteString key, BackendReader state) {
        Optional<ByteString> known = rows.get(key);
        if (known != null) {
            return known;
        }
        Optional<ByteString> read = state.get(Table.CURRENT, key);
        hold(key, read);
        return read;
    }

    private void hold(ByteString key, Optional<ByteString> value) {
        long taken = bytes(key, value);
        if (taken > bytesMax) {
            forget(key);
            return;
        }
        Optional<ByteString> before = rows.put(key, value);
        bytes += taken - (before == null ? 0 : bytes(key, before));
        if (bytes > bytesMax) {
            evict();
        }
    }

    private void forget(ByteString key) {
        Optional<ByteString> before = rows.remove(key);
        if (before != null) {
            bytes -= bytes(key, before);
        }
    }

    private void evict() {
        Iterator<Map.Entry<ByteString, Optional<ByteString>>> eldest = rows.entrySet().iterator();
        while (bytes > bytesMax) {
            Map.Entry<ByteString, Optional<ByteString>> row = eldest.next();
            bytes -= bytes(row.getKey(), row.getValue());
            eldest.remove();
        }
    }

    private static long bytes(ByteString key, Optional<ByteString> value) {
        return (long) ROW_OVERHEAD_BYTES + key.size() + value.map(ByteString::size).orElse(0);
    }

    private record Reader(LatestCache cache, BackendReader state) implements BackendReader {
        @Override
        public Optional<ByteString> get(Table table, ByteString key) {
            return table == Table.CURRENT ? cache.get(key, state) : state.get(table, key);
        }

        @Override
        public Cursor cursor(Table table, ByteString from, ByteString to) {
            return state.cursor(table, from, to);
        }
    }
}
