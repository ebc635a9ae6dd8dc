// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.BackendReader;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.mvcc.backend.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What writers are spared to ask the backend, and that the bound holds. */
final class LatestCacheTest {
    /** Room for three rows of a key and a value of one byte. */
    private static final long THREE_ROWS_BYTES = 700;

    private final State state = new State();
    private final LatestCache cache = new LatestCache(THREE_ROWS_BYTES);
    private final BackendReader reader = cache.over(state);

    @Test
    void readsWhatWasWrittenWithoutTheBackend() {
        put("a", "1");
        assertThat(get("a")).contains("1");
        put("a", "2");
        assertThat(get("a")).contains("2");
        assertThat(state.asked).isEmpty();
    }

    @Test
    void remembersARowThatIsNotThere() {
        assertThat(get("a")).isEmpty();
        assertThat(get("a")).isEmpty();
        assertThat(state.asked).containsExactly("a");
        put("a", "1");
        assertThat(get("a")).contains("1");
    }

    @Test
    void asksAgainAfterADeletion() {
        put("a", "1");
        Batch batch = new Batch();
        batch.delete(Table.CURRENT, StoreContract.bytes("a"));
        cache.written(batch);
        assertThat(get("a")).isEmpty();
        assertThat(state.asked).containsExactly("a");
    }

    @Test
    void followsACompaction() {
        ByteString key = StoreContract.bytes("a");
        Link gone = Link.first(new ChangeId(2, 0, EventType.DELETE));
        ByteString tombstone = Version.encode(gone, KeyValue.deleted(key, 2));
        MemoryBackend backend = new MemoryBackend();
        Batch batch = new Batch();
        batch.put(Table.CURRENT, key, tombstone);
        batch.put(Table.HISTORY, gone.id().row(), tombstone);
        backend.write(batch);
        cache.written(batch);
        Reads reads = new Reads(backend.snapshot(), 3, 3);
        assertThat(new Compactor(backend, cache, reads).step(reads, 10)).isFalse();
        assertThat(cache.over(backend.snapshot()).get(Table.CURRENT, key)).isEmpty();
    }

    @Test
    void theLastOfTwoChangesInABatchCounts() {
        Batch batch = new Batch();
        batch.put(Table.CURRENT, StoreContract.bytes("a"), StoreContract.bytes("1"));
        batch.put(Table.CURRENT, StoreContract.bytes("a"), StoreContract.bytes("2"));
        cache.written(batch);
        assertThat(get("a")).contains("2");
    }

    @Test
    void theRowUsedLeastRecentlyGoesFirst() {
        put("a", "1");
        put("b", "1");
        put("c", "1");
        get("a");
        put("d", "1");
        assertThat(state.asked).isEmpty();
        get("a");
        get("c");
        get("d");
        assertThat(state.asked).isEmpty();
        get("b");
        assertThat(state.asked).containsExactly("b");
    }

    @Test
    void neverHoldsMoreThanItsBound() {
        for (int i = 0; i < 1000; i++) {
            put("key" + i % 17, "v".repeat(i % 900));
            assertThat(cache.bytes()).isBetween(0L, THREE_ROWS_BYTES);
        }
        cache.clear();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void aRowLargerThanTheBoundHidesNoOlderOne() {
        put("a", "1");
        put("a", "v".repeat(1000));
        state.rows.put(StoreContract.bytes("a"), StoreContract.bytes("large"));
        assertThat(get("a")).contains("large");
        assertThat(state.asked).containsExactly("a");
    }

    @Test
    void asksForRowsOfOtherTables() {
        put("a", "1");
        reader.get(Table.META, StoreContract.bytes("a"));
        assertThat(state.asked).containsExactly("a");
    }

    private void put(String key, String value) {
        Batch batch = new Batch();
        batch.put(Table.CURRENT, StoreContract.bytes(key), StoreContract.bytes(value));
        cache.written(batch);
    }

    private Optional<String> get(String key) {
        return reader.get(Table.CURRENT, StoreContract.bytes(key)).map(ByteString::toStringUtf8);
    }

    /** Rows, and which of them were asked for. */
    private static final class State implements BackendReader {
        private final Map<ByteString, ByteString> rows = new HashMap<>();
        private final List<String> asked = new ArrayList<>();

        @Override
        public Optional<ByteString> get(Table table, ByteString key) {
            asked.add(key.toStringUtf8());
            return Optional.ofNullable(rows.get(key));
        }

        @Override
        public Cursor cursor(Table table, ByteString from, ByteString to) {
            throw new UnsupportedOperationException();
        }
    }
}
