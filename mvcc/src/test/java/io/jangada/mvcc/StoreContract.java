// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.MemoryBackend;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store must do on every backend. */
public abstract class StoreContract {
    static final ByteString APPLIED = ByteString.copyFromUtf8("applied");

    /** A new, empty backend. */
    protected abstract Backend newBackend();

    /** What a restart finds of {@code backend}, persisted before; closes it if need be. */
    protected abstract Backend restarted(Backend backend);

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @ParameterizedTest
    @CsvSource({"1,16777216,3", "2,16777216,3", "3,16777216,1", "4,2000,3", "5,2000,1", "6,300,1",
        "7,0,3", "8,0,1", "9,16777216,1", "10,16777216,2"})
    void randomOperationsMatchTheModel(long seed, long cacheBytesMax, int keyBytesMax) {
        try (MvccStore store = MvccStore.open(newBackend(), cacheBytesMax);
                MvccStore lazy = MvccStore.open(new MemoryBackend(), 0)) {
            RandomRun run = new RandomRun(seed, store, lazy, keyBytesMax);
            for (int i = 0; i < 150; i++) {
                run.batch();
                run.check();
            }
            while (store.compactStep(7)) {
                run.check();
            }
            assertThat(StoredRows.history(store)).as("seed %d", seed)
                    .isEqualTo(run.model.keptHistory());
            assertThat(StoredRows.milestones(store)).as("seed %d", seed)
                    .isEqualTo(StoredRows.milestonesOfHistory(store));
            run.check();
        }
    }

    /* As when a member stops while its apply loop is at work: native memory must not go under it. */
    @Test
    void anOpenBatchReadsOnWhenItsStoreIsClosedAndIsNotCommitted() {
        MvccStore store = MvccStore.open(newBackend());
        ApplyBatch first = store.beginBatch();
        first.putMeta(APPLIED, bytes("1"));
        first.commit();
        ApplyBatch open = store.beginBatch();
        store.close();

        assertThat(open.meta(APPLIED)).contains(bytes("1"));
        open.putMeta(APPLIED, bytes("2"));
        assertThatThrownBy(open::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(store::beginBatch).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.compactStep(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPageHasSoManyKeysOrBytesAndKnowsWhetherThereIsMore() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            for (String value : List.of("old", "new")) {
                for (int i = 0; i < 10; i++) {
                    put(store, "key" + i, value);
                }
            }
            try (ReadView view = store.view()) {
                for (long revision : List.of(0L, view.revision() - 10)) {
                    RangeOptions all = RangeOptions.LATEST.at(revision);
                    List<KeyValue> every = view.range(KeyRange.ALL, all).keyValues();
                    int bytes = every.getFirst().encodedBytes();
                    assertThat(view.page(KeyRange.ALL, all.limitedTo(3), Long.MAX_VALUE))
                            .isEqualTo(new RangePage(every.subList(0, 3), true));
                    assertThat(view.page(KeyRange.ALL, all, 3L * bytes))
                            .isEqualTo(new RangePage(every.subList(0, 3), true));
                    assertThat(view.page(KeyRange.ALL, all, 3L * bytes + 1))
                            .isEqualTo(new RangePage(every.subList(0, 4), true));
                    assertThat(view.page(KeyRange.ALL, all, 1))
                            .isEqualTo(new RangePage(every.subList(0, 1), true));
                    assertThat(view.page(KeyRange.ALL, all.limitedTo(10), Long.MAX_VALUE))
                            .isEqualTo(new RangePage(every, false));
                    assertThat(view.page(KeyRange.ALL, all, 10L * bytes))
                            .isEqualTo(new RangePage(every, false));
                    assertThat(view.page(KeyRange.ALL, all.returning(RangeOptions.Content.KEYS), 1)
                            .keyValues()).containsExactly(every.getFirst().keyOnly());
                }
            }
        }
    }

    @Test
    void countsAreExactHoweverLongValuesAre() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            for (int i = 0; i < 20; i++) {
                put(store, "key" + i, "v".repeat(i * i * i));
            }
            ApplyBatch batch = store.beginBatch();
            WriteTxn txn = batch.begin();
            txn.deleteRange(KeyRange.single(bytes("key7")));
            txn.commit();
            batch.commit();
            try (ReadView view = store.view()) {
                RangeOptions count = RangeOptions.LATEST.returning(RangeOptions.Content.COUNT);
                assertThat(view.range(KeyRange.ALL, count).count()).isEqualTo(19);
                assertThat(view.range(KeyRange.ALL, count.at(view.revision() - 1)).count())
                        .isEqualTo(20);
                RangeResult some = view.range(KeyRange.ALL, RangeOptions.LATEST.limitedTo(5));
                assertThat(some.keyValues()).hasSize(5);
                assertThat(some.count()).isEqualTo(19);
                assertThat(some.hasMore()).isTrue();
            }
        }
    }

    @Test
    void restartFindsEverythingPersisted() throws IOException {
        Backend backend = newBackend();
        MvccStore store = MvccStore.open(backend);
        RandomRun run = new RandomRun(11, store,
                MvccStore.open(new MemoryBackend()), 3);
        for (int i = 0; i < 60; i++) {
            run.batch();
        }
        byte[] before = state(store);
        store.persist();
        store.close();
        try (MvccStore again = MvccStore.open(restarted(backend))) {
            assertThat(state(again)).isEqualTo(before);
            assertThat(again.revision()).isEqualTo(run.model.revision);
            assertThat(again.compactRevision()).isEqualTo(run.model.compactRevision);
        }
    }

    @Test
    void restoredStoreEqualsItsSource() throws IOException {
        try (MvccStore source = MvccStore.open(newBackend());
                MvccStore lazy = MvccStore.open(new MemoryBackend());
                MvccStore target = MvccStore.open(newBackend())) {
            RandomRun run = new RandomRun(12, source, lazy, 1);
            for (int i = 0; i < 60; i++) {
                run.batch();
            }
            put(target, "old", "gone");
            byte[] state = state(source);
            ReadView old = target.view();
            target.restore(new ByteArrayInputStream(state));
            assertThat(state(target)).isEqualTo(state);
            assertThat(target.revision()).isEqualTo(source.revision());
            assertThat(old.get(bytes("old"))).isPresent();
            old.close();
        }
    }

    /** Looked at by itself: what a stream leaves out, the streams of two stores leave out alike. */
    @Test
    void aRestoredStoreHasTheLeasesWithTheirKeys() throws IOException {
        try (MvccStore source = MvccStore.open(newBackend());
                MvccStore target = MvccStore.open(newBackend())) {
            ApplyBatch batch = source.beginBatch();
            WriteTxn txn = batch.begin();
            txn.grantLease(5, 60);
            txn.put(bytes("a"), bytes("1"), 5);
            txn.commit();
            batch.commit();
            target.restore(new ByteArrayInputStream(state(source)));
            try (ReadView view = target.view()) {
                assertThat(view.lease(5)).map(Lease::ttlSeconds).contains(60L);
                assertThat(view.leaseKeys(5)).containsExactly(bytes("a"));
            }
        }
    }

    @Test
    void writersForgetWhatAnAbortedBatchAndARestoredStateReplaced() throws IOException {
        try (MvccStore source = MvccStore.open(newBackend());
                MvccStore store = MvccStore.open(newBackend())) {
            put(source, "kept", "theirs");
            put(store, "kept", "1");
            put(store, "gone", "1");
            ApplyBatch aborted = store.beginBatch();
            WriteTxn dropped = aborted.begin();
            dropped.put(bytes("kept"), bytes("2"), 0);
            dropped.deleteRange(KeyRange.single(bytes("gone")));
            dropped.put(bytes("new"), bytes("2"), 0);
            dropped.commit();
            aborted.abort();
            assertThat(seenByWriter(store, "kept")).contains(bytes("1"));
            assertThat(seenByWriter(store, "gone")).contains(bytes("1"));
            assertThat(seenByWriter(store, "new")).isEmpty();

            store.restore(new ByteArrayInputStream(state(source)));
            assertThat(seenByWriter(store, "kept")).contains(bytes("theirs"));
            assertThat(seenByWriter(store, "gone")).isEmpty();
        }
    }

    private static Optional<ByteString> seenByWriter(MvccStore store, String key) {
        ApplyBatch batch = store.beginBatch();
        Optional<ByteString> seen = batch.begin().get(bytes(key)).map(KeyValue::value);
        batch.abort();
        return seen;
    }

    @Test
    void restoreRefusesEveryCutAndEveryFlippedBit() throws IOException {
        try (MvccStore source = MvccStore.open(newBackend())) {
            put(source, "a", "1");
            put(source, "b", "2");
            byte[] state = state(source);
            for (int at = 0; at < state.length; at++) {
                byte[] cut = Arrays.copyOf(state, at);
                byte[] flipped = state.clone();
                flipped[at] ^= 0x10;
                for (byte[] bad : List.of(cut, flipped)) {
                    try (MvccStore target = MvccStore.open(new MemoryBackend())) {
                        assertThatThrownBy(() -> target.restore(new ByteArrayInputStream(bad)))
                                .as("byte %d", at).isInstanceOf(IOException.class);
                    }
                }
            }
        }
    }

    @Test
    void restoreCutShortOpensEmpty() throws IOException {
        Backend backend = newBackend();
        MvccStore store = MvccStore.open(backend);
        put(store, "a", "1");
        store.persist();
        byte[] state = state(store);
        byte[] cut = Arrays.copyOf(state, state.length - 1);
        assertThatThrownBy(() -> store.restore(new ByteArrayInputStream(cut)))
                .isInstanceOf(IOException.class);
        store.close();
        try (MvccStore again = MvccStore.open(restarted(backend))) {
            assertThat(again.revision()).isEqualTo(1);
            assertThat(again.get(bytes("a"))).isEmpty();
            again.restore(new ByteArrayInputStream(state));
            assertThat(again.get(bytes("a"))).isPresent();
        }
    }

    @Test
    void viewKeepsItsStateWhileTheStoreMovesOn() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            put(store, "a", "1");
            try (ReadView view = store.view()) {
                put(store, "a", "2");
                assertThat(view.revision()).isEqualTo(2);
                assertThat(view.get(bytes("a")).orElseThrow().value()).isEqualTo(bytes("1"));
            }
            assertThat(store.get(bytes("a")).orElseThrow().value()).isEqualTo(bytes("2"));
        }
    }

    @Test
    void viewOutlivesItsStore() {
        MvccStore store = MvccStore.open(newBackend());
        put(store, "a", "1");
        ReadView view = store.view();
        store.close();
        assertThat(view.get(bytes("a"))).isPresent();
        view.close();
        assertThatThrownBy(store::view).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void batchIsInvisibleUntilCommittedAndGoneIfAborted() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            ApplyBatch batch = store.beginBatch();
            WriteTxn txn = batch.begin();
            txn.put(bytes("a"), bytes("1"), 0);
            txn.commit();
            batch.putMeta(APPLIED, bytes("7"));
            assertThat(store.get(bytes("a"))).isEmpty();
            assertThat(batch.meta(APPLIED)).contains(bytes("7"));
            batch.abort();
            assertThat(store.get(bytes("a"))).isEmpty();
            assertThat(store.meta(APPLIED)).isEmpty();
            assertThat(store.revision()).isEqualTo(1);
        }
    }

    @Test
    void refusalsCarryTheirNumbers() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            put(store, "a", "1");
            put(store, "a", "2");
            put(store, "a", "3");
            compact(store, 3);
            ApplyBatch batch = store.beginBatch();
            assertThatThrownBy(() -> batch.compact(3)).isInstanceOfSatisfying(
                    CompactedException.class,
                    e -> assertThat(e.compactRevision()).isEqualTo(3));
            assertThatThrownBy(() -> batch.compact(5)).isInstanceOfSatisfying(
                    FutureRevisionException.class,
                    e -> assertThat(e.currentRevision()).isEqualTo(4));
            WriteTxn txn = batch.begin();
            assertThatThrownBy(() -> txn.range(KeyRange.ALL, RangeOptions.LATEST.at(2)))
                    .isInstanceOf(CompactedException.class);
            assertThatThrownBy(() -> txn.put(bytes("b"), bytes("1"), 9))
                    .isInstanceOfSatisfying(LeaseNotFoundException.class,
                            e -> assertThat(e.leaseId()).isEqualTo(9));
            txn.grantLease(9, 60);
            assertThatThrownBy(() -> txn.grantLease(9, 60))
                    .isInstanceOf(LeaseExistsException.class);
            assertThat(txn.revision()).isEqualTo(4);
            txn.rollback();
            batch.abort();
        }
    }

    @Test
    void revokedLeaseDeletesItsKeysInOrderAtOneRevision() {
        try (MvccStore store = MvccStore.open(newBackend())) {
            List<RevisionEvents> seen = new ArrayList<>();
            store.listen(new CommitListener() {
                @Override
                public void committed(List<RevisionEvents> changes, long revision) {
                    seen.addAll(changes);
                }

                @Override
                public void restored(long revision) {}
            });
            ApplyBatch batch = store.beginBatch();
            WriteTxn txn = batch.begin();
            txn.grantLease(5, 60);
            txn.put(bytes("b"), bytes("1"), 5);
            txn.put(bytes("a"), bytes("1"), 5);
            txn.put(bytes("c"), bytes("1"), 5);
            txn.commit();
            txn = batch.begin();
            txn.put(bytes("c"), bytes("2"), 0);
            txn.commit();
            txn = batch.begin();
            assertThat(txn.leaseKeys(5)).containsExactly(bytes("a"), bytes("b"));
            txn.revokeLease(5);
            txn.commit();
            batch.commit();
            assertThat(store.revision()).isEqualTo(4);
            assertThat(seen.getLast().events()).extracting(e -> e.keyValue().key())
                    .containsExactly(bytes("a"), bytes("b"));
            assertThat(store.get(bytes("c"))).isPresent();
            try (ReadView view = store.view()) {
                assertThat(view.leases()).isEmpty();
            }
        }
    }

    static void put(MvccStore store, String key, String value) {
        ApplyBatch batch = store.beginBatch();
        WriteTxn txn = batch.begin();
        txn.put(bytes(key), bytes(value), 0);
        txn.commit();
        batch.commit();
    }

    static void compact(MvccStore store, long revision) {
        ApplyBatch batch = store.beginBatch();
        batch.compact(revision);
        batch.commit();
    }

    static byte[] state(MvccStore store) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ReadView view = store.view()) {
            view.writeTo(out);
        }
        return out.toByteArray();
    }
}
