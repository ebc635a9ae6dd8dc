// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static io.jangada.mvcc.StoreContract.bytes;
import static io.jangada.mvcc.StoreContract.compact;
import static io.jangada.mvcc.StoreContract.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.RangeOptions.Content;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the changes of a key hang together, on every backend: links, milestones, tombstones. */
public abstract class ChainContract {
    /** A key that changes a few hundred times, one that begins with it, and one before both. */
    private static final List<String> KEYS = List.of("hot", "hot\0", "cold");

    /** A new, empty backend. */
    protected abstract Backend newBackend();

    /** What a restart finds of {@code backend}, persisted before; closes it if need be. */
    protected abstract Backend restarted(Backend backend);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void hotKeyIsReadAtEveryRevision(long seed) {
        Random random = new Random(seed);
        Model model = new Model();
        try (MvccStore store = MvccStore.open(newBackend())) {
            for (int i = 0; i < 400; i++) {
                change(store, model, KEYS.get(random.nextInt(10) / 8), random);
                if (i % 100 == 50) {
                    change(store, model, "cold", random);
                }
                if (random.nextInt(100) == 0) {
                    model.compactRevision = model.revision - random.nextInt(40);
                    compact(store, model.compactRevision);
                }
                if (random.nextInt(4) == 0) {
                    store.compactStep(1 + random.nextInt(9));
                }
            }
            checkEveryRevision(store, model, seed);
            while (store.compactStep(13)) {
                checkEveryRevision(store, model, seed);
            }
            checkEveryRevision(store, model, seed);
        }
    }

    private static void change(MvccStore store, Model model, String key, Random random) {
        long main = model.revision + 1;
        int before = model.steps.size();
        ApplyBatch batch = store.beginBatch();
        WriteTxn txn = batch.begin();
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            if (random.nextInt(7) == 0) {
                txn.deleteRange(KeyRange.single(bytes(key)));
                model.delete(KeyRange.single(bytes(key)), main);
            } else {
                ByteString value = Rows.number(random.nextLong());
                txn.put(bytes(key), value, 0);
                model.put(bytes(key), value, 0, main);
            }
        }
        txn.commit();
        batch.commit();
        model.revision += model.steps.size() > before ? 1 : 0;
    }

    private static void checkEveryRevision(MvccStore store, Model model, long seed) {
        try (ReadView view = store.view()) {
            for (long at = Math.max(1, model.compactRevision); at <= model.revision; at++) {
                RangeOptions options = RangeOptions.LATEST.at(at);
                for (KeyRange range : List.of(KeyRange.single(bytes("hot")), KeyRange.ALL)) {
                    assertThat(view.range(range, options)).as("seed %d, revision %d", seed, at)
                            .isEqualTo(model.range(range, options, model.revision));
                    RangeOptions counting = options.returning(Content.COUNT);
                    assertThat(view.range(range, counting)).as("seed %d, revision %d", seed, at)
                            .isEqualTo(model.range(range, counting, model.revision));
                }
            }
        }
    }

    @Test
    void aReadCostsNoMoreTheMoreAKeyChanged() {
        CountingBackend counting = new CountingBackend(newBackend());
        try (MvccStore store = MvccStore.open(counting)) {
            for (int i = 0; i < 1000; i++) {
                put(store, "hot", "v" + i);
            }
            long most = 0;
            for (long at = 2; at <= 1001; at++) {
                counting.gets = 0;
                try (ReadView view = store.view()) {
                    KeyValue found = view.range(KeyRange.single(bytes("hot")),
                            RangeOptions.LATEST.at(at)).keyValues().getFirst();
                    assertThat(found.modRevision()).isEqualTo(at);
                }
                most = Math.max(most, counting.gets);
            }
            // The latest, those from a milestone back to the one after what is sought, and that.
            assertThat(most).isEqualTo(Link.MILESTONE_CHANGES + 2);
        }
    }

    @Test
    void aStepOfACompactionLooksAtSoManyRows() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            for (int i = 0; i < 25; i++) {
                put(store, "k", "v" + i);
            }
            compact(store, 26);
            assertThat(store.compactStep(10)).isTrue();
            assertThat(store.compactStep(10)).isTrue();
            assertThat(store.compactStep(10)).isFalse();
        }
    }

    @Test
    void aHashCostsNoMoreTheMoreItsKeysChangedLater() {
        CountingBackend counting = new CountingBackend(newBackend());
        try (MvccStore store = MvccStore.open(counting)) {
            for (int changes : List.of(50, 200)) {
                for (String key : List.of("z", "a")) {
                    for (int i = 0; i < changes; i++) {
                        put(store, key, "v" + i);
                    }
                }
            }
            compact(store, 101);
            counting.gets = 0;
            try (ReadView view = store.view()) {
                view.hashKv(101);
            }
            assertThat(counting.gets).isBetween(100L, 100L * (Link.MILESTONE_CHANGES + 2));
        }
    }

    @Test
    void everySixteenthChangeOfAKeyIsAMilestoneUntilItIsCompacted() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            for (int i = 2; i <= 50; i++) {
                put(store, "a", "v" + i);
                put(store, "b" + i, "v");
            }
            assertThat(StoredRows.milestones(store)).containsExactly("PUT at 32, 0",
                    "PUT at 64, 0", "PUT at 96, 0");
            compact(store, 64);
            while (store.compactStep(10)) {
                assertThat(StoredRows.milestones(store)).contains("PUT at 96, 0");
            }
            assertThat(StoredRows.milestones(store)).containsExactly("PUT at 96, 0");
        }
    }

    @Test
    void tombstoneStaysInCurrentUntilACompactionBehindIt() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            put(store, "a", "1");
            delete(store, "a");
            put(store, "b", "1");
            assertThat(store.get(bytes("a"))).isEmpty();
            assertThat(StoredRows.tombstones(store)).containsExactly("a 3");
            compact(store, 3);
            finish(store);
            assertThat(StoredRows.tombstones(store)).containsExactly("a 3");
            compact(store, 4);
            finish(store);
            assertThat(StoredRows.tombstones(store)).isEmpty();
            assertThat(StoredRows.history(store)).containsExactly("4 PUT");
        }
    }

    @Test
    void keyPutAgainKeepsItsRowWhenItsTombstoneGoes() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            put(store, "a", "1");
            delete(store, "a");
            put(store, "b", "1");
            put(store, "a", "2");
            compact(store, 4);
            finish(store);
            assertThat(store.get(bytes("a")).map(KeyValue::value)).contains(bytes("2"));
            assertThat(StoredRows.history(store)).containsExactly("4 PUT", "5 PUT");
            compact(store, 5);
            finish(store);
            assertThat(store.get(bytes("a")).map(KeyValue::value)).contains(bytes("2"));
        }
    }

    @Test
    void whatIsWrittenDoesNotDependOnHowFarCompactionHasCome() {
        try (MvccStore eager = MvccStore.open(newBackend());
                MvccStore lazy = MvccStore.open(newBackend())) {
            for (MvccStore store : List.of(eager, lazy)) {
                for (int i = 0; i < 20; i++) {
                    put(store, "a", "1");
                    put(store, "b", "1");
                }
                delete(store, "a");
                delete(store, "b");
                put(store, "c", "1");
                compact(store, 43);
            }
            finish(eager);
            for (MvccStore store : List.of(eager, lazy)) {
                put(store, "a", "2");
                put(store, "b", "2");
                delete(store, "a");
                compact(store, 45);
                put(store, "a", "3");
            }
            assertThat(StoredRows.tombstones(eager)).isEmpty();
            assertThat(StoredRows.versionsAfter(lazy, 43))
                    .isEqualTo(StoredRows.versionsAfter(eager, 43));
            finish(eager);
            finish(lazy);
            assertThat(StoredRows.all(lazy)).isEqualTo(StoredRows.all(eager));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void compactionGoesOnAfterACrashAtAnyStep(long seed) {
        List<String> expected = List.of();
        int steps = 1;
        for (int crashAfter = 0; crashAfter < steps; crashAfter += 3) {
            Backend backend = newBackend();
            MvccStore store = MvccStore.open(backend);
            Random random = new Random(seed);
            Model model = new Model();
            for (int i = 0; i < 60; i++) {
                change(store, model, KEYS.get(random.nextInt(3)), random);
                if (i == 20 || i == 50) {
                    model.compactRevision = model.revision;
                    compact(store, model.compactRevision);
                }
                if (i == 20) {
                    finish(store);
                }
            }
            for (int step = 0; step < crashAfter; step++) {
                store.compactStep(1);
            }
            store.persist();
            store.close();
            try (MvccStore again = MvccStore.open(restarted(backend))) {
                checkEveryRevision(again, model, seed);
                int left = 1;
                while (again.compactStep(1)) {
                    left++;
                }
                steps = Math.max(steps, left);
                checkEveryRevision(again, model, seed);
                assertThat(StoredRows.history(again)).as("seed %d", seed)
                        .isEqualTo(model.keptHistory());
                List<String> rows = StoredRows.all(again);
                assertThat(rows).as("seed %d, crash after %d", seed, crashAfter)
                        .isEqualTo(expected.isEmpty() ? rows : expected);
                expected = rows;
            }
        }
        assertThat(steps).isGreaterThan(20);
    }

    @Test
    void aChangeThatIsNamedAndMissingIsCorruption() {
        Backend backend = newBackend();
        try (MvccStore store = MvccStore.open(backend)) {
            for (int i = 0; i < 40; i++) {
                put(store, "a", "v" + i);
            }
            Batch loss = new Batch();
            loss.delete(Table.HISTORY, new ChangeId(12, 0, EventType.PUT).row());
            loss.delete(Table.HISTORY, new ChangeId(33, 0, EventType.PUT).row());
            backend.write(loss);
            put(store, "b", "1");
            try (ReadView view = store.view()) {
                assertThatThrownBy(() -> at(view, 12)).isInstanceOf(CorruptStoreException.class)
                        .hasMessageContaining("PUT at 12, 0");
                assertThatThrownBy(() -> at(view, 5)).isInstanceOf(CorruptStoreException.class);
                assertThat(at(view, 13).count()).isEqualTo(1);
                // The milestone itself is missing.
                assertThatThrownBy(() -> at(view, 20)).isInstanceOf(CorruptStoreException.class)
                        .hasMessageContaining("PUT at 33, 0");
                assertThat(at(view, 34).count()).isEqualTo(1);
            }
        }
    }

    @Test
    void aRowInThePlaceOfAnotherIsCorruption() {
        Backend backend = newBackend();
        try (MvccStore store = MvccStore.open(backend)) {
            put(store, "a", "1");
            put(store, "a", "2");
            put(store, "a", "3");
            ByteString third = Version.encode(
                    new Link(new ChangeId(4, 0, EventType.PUT), 3,
                            new ChangeId(3, 0, EventType.PUT)),
                    new KeyValue(bytes("a"), 2, 4, 3, bytes("3"), 0));
            ByteString stray = Version.encode(Link.first(new ChangeId(3, 0, EventType.PUT)),
                    new KeyValue(bytes("a"), 3, 3, 1, bytes("2"), 0));
            for (ByteString wrong : List.of(third, stray)) {
                Batch swap = new Batch();
                swap.put(Table.HISTORY, new ChangeId(3, 0, EventType.PUT).row(), wrong);
                backend.write(swap);
                put(store, "b", "1");
                try (ReadView view = store.view()) {
                    assertThatThrownBy(() -> at(view, 2))
                            .isInstanceOf(CorruptStoreException.class);
                }
            }
            Batch swap = new Batch();
            swap.put(Table.HISTORY, new ChangeId(3, 0, EventType.PUT).row(), third);
            backend.write(swap);
            put(store, "b", "1");
            try (ReadView view = store.view()) {
                assertThatThrownBy(() -> at(view, 3)).isInstanceOf(CorruptStoreException.class);
                assertThatThrownBy(() -> view.history(2, HistoryLimits.DEFAULT))
                        .isInstanceOf(CorruptStoreException.class);
            }
        }
    }

    @Test
    void refusesAStoreOfAnotherFormat() {
        Backend backend = newBackend();
        MvccStore.open(backend);
        Batch older = new Batch();
        older.put(Table.META, Rows.FORMAT, Rows.number(1));
        backend.write(older);
        assertThatThrownBy(() -> MvccStore.open(backend))
                .isInstanceOf(CorruptStoreException.class)
                .hasMessageContaining("stored in format 1, this program reads format 2");
    }

    private static RangeResult at(ReadView view, long revision) {
        return view.range(KeyRange.single(bytes("a")), RangeOptions.LATEST.at(revision));
    }

    private static void delete(MvccStore store, String key) {
        ApplyBatch batch = store.beginBatch();
        WriteTxn txn = batch.begin();
        assertThat(txn.deleteRange(KeyRange.single(bytes(key)))).hasSize(1);
        txn.commit();
        batch.commit();
    }

    private static void finish(MvccStore store) {
        List<Boolean> steps = new ArrayList<>();
        while (store.compactStep(3)) {
            steps.add(true);
            assertThat(steps).hasSizeLessThan(1000);
        }
    }
}
