// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.RangeOptions.Content;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Does the same to a store, to one that never deletes compacted rows, and to the model. */
final class RandomRun {
    private static final byte[] ALPHABET = {0, 1, 'a', 'b', (byte) 0x80, (byte) 0xff};

    private static final List<Content> CONTENTS = List.of(Content.values());

    final Model model = new Model();
    private final Random random;
    private final long seed;
    private final int keyBytesMax;
    private final MvccStore store;
    private final MvccStore lazy;
    private long batches;

    /** Keys are of 1 to {@code keyBytesMax} bytes, of 6 kinds: with 1 byte each key changes much. */
    RandomRun(long seed, MvccStore store, MvccStore lazy, int keyBytesMax) {
        this.seed = seed;
        this.keyBytesMax = keyBytesMax;
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
        batch.putMeta(StoreContract.APPLIED, applied);
        lazyBatch.putMeta(StoreContract.APPLIED, applied);
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
            assertThat(view.meta(StoreContract.APPLIED)).contains(Rows.number(batches));
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
        byte[] key = new byte[1 + random.nextInt(keyBytesMax)];
        for (int i = 0; i < key.length; i++) {
            key[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return ByteString.copyFrom(key);
    }
}
