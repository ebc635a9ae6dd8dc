// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static io.jangada.mvcc.StoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.MemoryBackend;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store out of another one's history holds the same, and goes on as that one does. */
class HistoryImportTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aCopyIsReadAndGoesOnAsTheOriginal(long seed) throws IOException {
        try (MvccStore store = MvccStore.open(new MemoryBackend());
                MvccStore lazy = MvccStore.open(new MemoryBackend())) {
            RandomRun run = new RandomRun(seed, store, lazy, seed % 2 == 0 ? 1 : 3);
            for (int i = 0; i < 150; i++) {
                run.batch();
            }
            try (MvccStore copy = copy(store); MvccStore lazyCopy = copy(lazy)) {
                assertEqual(seed, store, copy);
                assertEqual(seed, store, lazyCopy);
                for (MvccStore one : new MvccStore[]{store, copy, lazyCopy}) {
                    finishCompaction(one);
                    change(one);
                }
                assertEqual(seed, store, copy);
                assertEqual(seed, store, lazyCopy);
                long at = store.revision() - 10;
                for (MvccStore one : new MvccStore[]{store, copy, lazyCopy}) {
                    StoreContract.compact(one, at);
                    finishCompaction(one);
                }
                assertEqual(seed, store, copy);
                assertEqual(seed, store, lazyCopy);
                assertThat(StoredRows.history(copy)).isEqualTo(StoredRows.history(store));
                assertThat(StoredRows.history(lazyCopy)).isEqualTo(StoredRows.history(store));
                assertThat(StoredRows.tombstones(copy))
                        .isEqualTo(StoredRows.tombstones(store));
            }
        }
    }

    private static MvccStore copy(MvccStore from) throws IOException {
        MvccStore into = MvccStore.open(new MemoryBackend());
        HistoryImport filling = into.importHistory();
        try (ReadView view = from.view()) {
            view.history(filling::change);
            view.leases().forEach(filling::lease);
            filling.putMeta(StoreContract.APPLIED,
                    view.meta(StoreContract.APPLIED).orElseThrow());
            filling.finish(view.revision(), view.compactRevision(),
                    view.finishedCompactRevision());
        }
        return into;
    }

    private static void assertEqual(long seed, MvccStore one, MvccStore other) {
        try (ReadView a = one.view(); ReadView b = other.view()) {
            assertThat(b.revision()).isEqualTo(a.revision());
            assertThat(b.compactRevision()).isEqualTo(a.compactRevision());
            assertThat(b.leases()).isEqualTo(a.leases());
            a.leases().forEach(lease -> assertThat(b.leaseKeys(lease.id()))
                    .isEqualTo(a.leaseKeys(lease.id())));
            assertThat(b.meta(StoreContract.APPLIED)).isEqualTo(a.meta(StoreContract.APPLIED));
            for (long at = Math.max(1, a.compactRevision()); at <= a.revision(); at++) {
                RangeOptions options = RangeOptions.LATEST.at(at);
                assertThat(b.range(KeyRange.ALL, options)).as("seed %s, revision %s", seed, at)
                        .isEqualTo(a.range(KeyRange.ALL, options));
                assertThat(b.hashKv(at)).as("seed %s, revision %s", seed, at)
                        .isEqualTo(a.hashKv(at));
            }
        }
    }

    private static void finishCompaction(MvccStore store) {
        boolean hasMore = true;
        while (hasMore) {
            hasMore = store.compactStep(7);
        }
    }

    private static void change(MvccStore store) {
        for (int i = 0; i < 40; i++) {
            ApplyBatch batch = store.beginBatch();
            WriteTxn txn = batch.begin();
            if (i % 5 == 4) {
                txn.deleteRange(KeyRange.prefix(bytes("a")));
            }
            txn.put(bytes("a" + i % 3), bytes("v" + i), 0);
            txn.put(bytes("b"), bytes("w" + i), 0);
            txn.commit();
            batch.commit();
        }
    }

    @Test
    void revisionsMayBeSkippedAndMarkedAsCompacted() throws IOException {
        try (MvccStore store = MvccStore.open(new MemoryBackend())) {
            HistoryImport filling = store.importHistory();
            filling.change(Rows.history(2, 0, EventType.PUT),
                    new KeyValue(bytes("k"), 2, 2, 1, bytes("v"), 0).encode());
            filling.change(Rows.history(5, 0, EventType.PUT), ByteString.EMPTY);
            assertThat(filling.lastRevision()).isEqualTo(5);
            filling.finish(1_000, 1_000, -1);
            finishCompaction(store);
            assertThat(store.revision()).isEqualTo(1_000);
            assertThat(store.get(bytes("k")).orElseThrow().modRevision()).isEqualTo(2);
            StoreContract.put(store, "k", "w");
            assertThat(store.get(bytes("k")).orElseThrow())
                    .isEqualTo(new KeyValue(bytes("k"), 2, 1_001, 2, bytes("w"), 0));
        }
    }

    @Test
    void howeverMuchThereIsLittleIsHeldAtOnce() throws IOException {
        CountingBackend backend = new CountingBackend(new MemoryBackend());
        ByteString value = ByteString.copyFrom(new byte[10_000]);
        try (MvccStore store = MvccStore.open(backend)) {
            HistoryImport filling = store.importHistory();
            for (int revision = 2; revision < 2_000; revision++) {
                filling.change(Rows.history(revision, 0, EventType.PUT),
                        new KeyValue(bytes("k" + revision), revision, revision, 1, value, 0)
                                .encode());
            }
            filling.finish(1_999, -1, -1);
            assertThat(backend.batchBytesMax).isBetween(1L << 20, (4L << 20) + 2 * 11_000);
        }
    }

    @Test
    void aKeyOfALeaseThatEndedIsNotAttached() throws IOException {
        try (MvccStore store = MvccStore.open(new MemoryBackend())) {
            HistoryImport filling = store.importHistory();
            filling.change(Rows.history(2, 0, EventType.PUT),
                    new KeyValue(bytes("k"), 2, 2, 1, bytes("v"), 7).encode());
            filling.finish(2, -1, -1);
            try (ReadView view = store.view()) {
                assertThat(view.leaseKeys(7)).isEmpty();
            }
        }
    }

    @Test
    void anImportThatDidNotEndLeavesNothing() throws IOException {
        MemoryBackend backend = new MemoryBackend();
        MvccStore store = MvccStore.open(backend);
        StoreContract.put(store, "old", "v");
        HistoryImport filling = store.importHistory();
        filling.change(Rows.history(9, 0, EventType.PUT),
                new KeyValue(bytes("k"), 9, 9, 1, bytes("v"), 0).encode());
        backend.persist();
        try (MvccStore after = MvccStore.open(backend.afterCrash())) {
            assertThat(after.revision()).isEqualTo(1);
            assertThat(StoredRows.history(after)).isEmpty();
        }
    }

    @Test
    void whatCannotBeAChangeIsRefused() {
        ByteString sound = new KeyValue(bytes("k"), 3, 4, 2, bytes("v"), 0).encode();
        ByteString row = Rows.history(4, 0, EventType.PUT);
        refuses(row.substring(1), sound);
        refuses(row.concat(bytes("x")), sound);
        refuses(Rows.number(4).concat(bytes("-")).concat(Rows.number(0)), sound);
        refuses(Rows.history(0, 0, EventType.PUT), sound);
        refuses(Rows.history(-1, 0, EventType.PUT), sound);
        refuses(Rows.history(4, -1, EventType.PUT), sound);
        refuses(Rows.history(4, 1L << 31, EventType.PUT), sound);
        refuses(row, bytes("no key-value"));
        refuses(row, new KeyValue(bytes(""), 3, 4, 2, bytes("v"), 0).encode());
        refuses(row, new KeyValue(bytes("k"), 3, 5, 2, bytes("v"), 0).encode());
        refuses(row, new KeyValue(bytes("k"), 5, 4, 2, bytes("v"), 0).encode());
        refuses(row, new KeyValue(bytes("k"), 3, 4, 0, bytes("v"), 0).encode());
        refuses(Rows.history(1, 0, EventType.DELETE), KeyValue.deleted(bytes("k"), 0).encode());
    }

    private static void refuses(ByteString revision, ByteString keyValue) {
        try (MvccStore store = MvccStore.open(new MemoryBackend())) {
            HistoryImport filling = store.importHistory();
            assertThatThrownBy(() -> {
                filling.change(Rows.history(1, 0, EventType.DELETE),
                        KeyValue.deleted(bytes("x"), 0).encode());
                filling.change(revision, keyValue);
            }).isInstanceOf(MalformedHistoryException.class);
        }
    }
}
