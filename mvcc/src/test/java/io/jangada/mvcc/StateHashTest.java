// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static io.jangada.mvcc.StoreContract.bytes;
import static io.jangada.mvcc.StoreContract.compact;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.MemoryBackend;
import io.jangada.mvcc.backend.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that applied the same have the same hash, however far deletion has come; others have not. */
class StateHashTest {
    private static final int KEYS = 12;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void doesNotDependOnHowFarDeletionHasCome(long seed) {
        try (MvccStore eager = MvccStore.open(new MemoryBackend());
                MvccStore lazy = MvccStore.open(new MemoryBackend())) {
            Random random = new Random(seed);
            for (int i = 0; i < 500; i++) {
                long draw = random.nextLong();
                change(eager, new Random(draw));
                change(lazy, new Random(draw));
                if (random.nextInt(20) == 0) {
                    long upTo = eager.revision() - random.nextInt(3);
                    if (upTo > eager.compactRevision()) {
                        compact(eager, upTo);
                        compact(lazy, upTo);
                    }
                }
                if (random.nextInt(3) == 0) {
                    eager.compactStep(1 + random.nextInt(5));
                }
                assertThat(hash(eager)).as("seed %d, step %d", seed, i).isEqualTo(hash(lazy));
            }
        }
    }

    private static void change(MvccStore store, Random random) {
        ApplyBatch batch = store.beginBatch();
        WriteTxn txn = batch.begin();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            ByteString key = bytes("key " + random.nextInt(KEYS));
            switch (random.nextInt(8)) {
                case 0, 1 -> txn.deleteRange(KeyRange.single(key));
                case 2 -> {
                    long lease = random.nextLong(1, 1_000);
                    if (txn.lease(lease).isEmpty()) {
                        txn.grantLease(lease, 10);
                        txn.put(key, bytes("leased"), lease);
                    }
                }
                default -> txn.put(key, Rows.number(random.nextLong()), 0);
            }
        }
        txn.commit();
        batch.commit();
    }

    @ParameterizedTest
    @EnumSource(value = Table.class, names = {"CURRENT", "HISTORY", "LEASE", "LEASE_KEYS"})
    void seesEachRowThatIsMissing(Table table) {
        MemoryBackend rows = new MemoryBackend();
        try (MvccStore store = MvccStore.open(rows)) {
            ApplyBatch batch = store.beginBatch();
            WriteTxn txn = batch.begin();
            txn.grantLease(7, 10);
            txn.put(bytes("key"), bytes("value"), 7);
            txn.commit();
            batch.commit();
            long before = hash(store);
            Batch missing = new Batch();
            try (BackendSnapshot all = rows.snapshot();
                    Cursor first = all.cursor(table, ByteString.EMPTY, ByteString.EMPTY)) {
                missing.delete(table, first.key());
            }
            rows.write(missing);
            ApplyBatch remembers = store.beginBatch();
            remembers.putMeta(bytes("owner"), bytes("anything"));
            remembers.commit();
            assertThat(hash(store)).isNotEqualTo(before);
        }
    }

    @Test
    void isKeptByRestoringAndByWhatTheOwnerRemembers() throws Exception {
        try (MvccStore store = MvccStore.open(new MemoryBackend());
                MvccStore other = MvccStore.open(new MemoryBackend())) {
            for (int i = 0; i < 50; i++) {
                change(store, new Random(i));
            }
            ByteArrayOutputStream state = new ByteArrayOutputStream();
            try (ReadView view = store.view()) {
                view.writeTo(state);
            }
            other.restore(new ByteArrayInputStream(state.toByteArray()));
            ApplyBatch remembers = other.beginBatch();
            remembers.putMeta(bytes("owner"), bytes("anything"));
            remembers.commit();
            assertThat(hash(other)).isEqualTo(hash(store));
        }
    }

    private static long hash(MvccStore store) {
        try (ReadView view = store.view()) {
            return view.stateHash();
        }
    }
}
