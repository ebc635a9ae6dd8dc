// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.RangeOptions.Content;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.MemoryBackend;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store must do on every backend. */
public abstract class StoreContract {
    private static final ByteString APPLIED = ByteString.copyFromUtf8("applied");

    /** A new, empty backend. */
    protected abstract Backend newBackend();

    /** What a restart finds of {@code backend}, persisted before; closes it if need be. */
    protected abstract Backend restarted(Backend backend);

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @ParameterizedTest
    @CsvSource({"1,16777216", "2,16777216", "3,16777216", "4,2000", "5,2000", "6,300", "7,0"})
    void randomOperationsMatchTheModel(long seed, long cacheBytesMax) throws IOException {
        try (MvccStore store = MvccStore.open(newBackend(), cacheBytesMax);
                MvccStore lazy = MvccStore.open(new MemoryBackend(), 0)) {
            RandomRun run = new RandomRun(seed, store, lazy);
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

    @Test
    void restartFindsEverythingPersisted() throws IOException {
        Backend backend = newBackend();
        MvccStore store = MvccStore.open(backend);
        RandomRun run = new RandomRun(11, store, MvccStore.open(new MemoryBackend()));
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
            RandomRun run = new RandomRun(12, source, lazy);
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

    /** Does the same to a store, to one that never deletes compacted rows, and to the model. */
    private static final class RandomRun {
        private static final byte[] ALPHABET = {0, 1, 'a', 'b', (byte) 0x80, (byte) 0xff};

        private static final List<Content> CONTENTS = List.of(Content.values());

        private final Model model = new Model();
        private final Random random;
        private final long seed;
        private final MvccStore store;
        private final MvccStore lazy;
        private long batches;

        RandomRun(long seed, MvccStore store, MvccStore lazy) {
            this.seed = seed;
            this.random = new Random(seed);
            this.store = store;
            this.lazy = lazy;
        }

        void batch() {
            ApplyBatch batch = store.beginBatch();
            ApplyBatch lazyBatch = lazy.beginBatch();
            for (int txns = random.nextInt(5); txns >= 0; txns--) {
                if (random.nextInt(12) == 0 && model.revision > model.compactRevision) {
                    long span = model.revision - Math.max(0, model.compactRevision);
                    long at = model.revision - random.nextLong(span);
                    batch.compact(at);
                    lazyBatch.compact(at);
                    model.compactRevision = at;
                } else {
                    txn(batch.begin(), lazyBatch.begin());
                }
            }
            ByteString applied = Rows.number(++batches);
            batch.putMeta(APPLIED, applied);
            lazyBatch.putMeta(APPLIED, applied);
            assertThat(batch.commit()).as("seed %d", seed).isEqualTo(model.revision);
            lazyBatch.commit();
            if (random.nextInt(3) == 0) {
                store.compactStep(1 + random.nextInt(20));
            }
        }

        private void txn(WriteTxn txn, WriteTxn twin) {
            int stepsBefore = model.steps.size();
            Map<Long, Lease> leasesBefore = Map.copyOf(model.leases);
            long main = model.revision + 1;
            if (random.nextInt(8) == 0) {
                leases(txn, twin, main);
            }
            for (int ops = random.nextInt(4); ops > 0; ops--) {
                write(txn, twin, main);
                long current = model.steps.size() > stepsBefore ? main : model.revision;
                KeyRange range = range();
                RangeOptions options = options(current);
                assertThat(txn.range(range, options)).as("seed %d", seed)
                        .isEqualTo(model.range(range, options, current));
            }
            if (random.nextInt(10) == 0) {
                model.leases.clear();
                model.leases.putAll(leasesBefore);
                model.steps.subList(stepsBefore, model.steps.size()).clear();
                txn.rollback();
                twin.rollback();
                return;
            }
            if (model.steps.size() > stepsBefore) {
                model.revision = main;
            }
            assertThat(txn.commit()).as("seed %d", seed).isEqualTo(model.revision);
            twin.commit();
        }

        private void leases(WriteTxn txn, WriteTxn twin, long main) {
            long id = random.nextInt(3) - 1L == 0 ? 7 : random.nextInt(3) - 4L;
            if (!model.leases.containsKey(id)) {
                txn.grantLease(id, 60);
                twin.grantLease(id, 60);
                model.leases.put(id, new Lease(id, 60, 0));
                return;
            }
            txn.revokeLease(id);
            twin.revokeLease(id);
            model.leases.remove(id);
            List<ByteString> keys = model.at(main).values().stream()
                    .filter(kv -> kv.lease() == id).map(KeyValue::key).toList();
            keys.forEach(key -> model.delete(KeyRange.single(key), main));
        }

        private void write(WriteTxn txn, WriteTxn twin, long main) {
            if (random.nextInt(3) == 0) {
                KeyRange range = range();
                List<KeyValue> expected = model.delete(range, main);
                assertThat(txn.deleteRange(range)).as("seed %d", seed).isEqualTo(expected);
                twin.deleteRange(range);
                return;
            }
            ByteString key = key();
            ByteString value = Rows.number(random.nextLong());
            long lease = model.leases.isEmpty() || random.nextBoolean()
                    ? 0
                    : model.leases.firstKey();
            model.put(key, value, lease, main);
            txn.put(key, value, lease);
            twin.put(key, value, lease);
        }

        void check() {
            try (ReadView view = store.view(); ReadView other = lazy.view()) {
                assertThat(view.revision()).isEqualTo(model.revision);
                assertThat(view.compactRevision()).isEqualTo(model.compactRevision);
                for (int i = 0; i < 4; i++) {
                    KeyRange range = range();
                    RangeOptions options = options(model.revision);
                    assertThat(view.range(range, options)).as("seed %d", seed)
                            .isEqualTo(model.range(range, options, model.revision));
                    assertThat(view.hashKv(options.revision())).as("seed %d", seed)
                            .isEqualTo(other.hashKv(options.revision()));
                }
                assertThat(view.leases()).isEqualTo(List.copyOf(model.leases.values()));
                for (long lease : model.leases.keySet()) {
                    assertThat(view.leaseKeys(lease)).isEqualTo(model.leaseKeys(lease));
                }
                assertThat(view.meta(APPLIED)).contains(Rows.number(batches));
                long from = Math.max(1, model.compactRevision + 1);
                HistorySlice slice = view.history(from,
                        new HistoryLimits(Integer.MAX_VALUE, Long.MAX_VALUE));
                assertThat(slice.changes().stream().flatMap(c -> c.events().stream())
                        .map(e -> new Model.Step(e.type(), e.keyValue())).toList())
                        .as("seed %d", seed).isEqualTo(model.slice(KeyRange.ALL, from));
            }
        }

        private RangeOptions options(long current) {
            long oldest = Math.max(1, model.compactRevision);
            long at = random.nextBoolean()
                    ? 0
                    : oldest + random.nextLong(current - oldest + 1);
            Content content = CONTENTS.get(random.nextInt(CONTENTS.size()));
            return new RangeOptions(at, random.nextInt(6), content);
        }

        private KeyRange range() {
            return switch (random.nextInt(5)) {
                case 0 -> KeyRange.single(key());
                case 1 -> KeyRange.ALL;
                case 2 -> KeyRange.prefix(key());
                case 3 -> new KeyRange(key(), ByteString.copyFrom(new byte[1]));
                default -> new KeyRange(key(), key());
            };
        }

        private ByteString key() {
            byte[] key = new byte[1 + random.nextInt(3)];
            for (int i = 0; i < key.length; i++) {
                key[i] = ALPHABET[random.nextInt(ALPHABET.length)];
            }
            return ByteString.copyFrom(key);
        }
    }
}
