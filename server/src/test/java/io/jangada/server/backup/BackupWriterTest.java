// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.bbolt.BoltReader;
import io.jangada.bbolt.BoltVisitor;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.mvcc.KeyRange;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.WriteTxn;
import io.jangada.mvcc.backend.MemoryBackend;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup is of one moment, and nobody waits for it. */
@SuppressWarnings("NullAway.Init") // Set before each test.
class BackupWriterTest {
    private static final int KEYS = 40;
    private static final int BATCHES = 300;

    private final MvccStore store = MvccStore.open(new MemoryBackend());
    private FileChannel file;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        file = FileChannel.open(folder.resolve("db"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        store.close();
    }

    /** Writers go on between any two rows of it, on the same thread: it cannot keep them waiting. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aBackupIsOfOneRevisionWhateverIsWrittenMeanwhile(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < BATCHES; i++) {
            change(random, 100 + i);
        }
        try (ReadView view = store.view()) {
            List<String> expected = expected(view);
            long revision = store.revision();
            BackupWriter.write(view, () -> {
                change(random, 10_000 + store.revision());
                store.compactStep(5);
                return false;
            }, file);
            assertThat(store.revision()).as("written meanwhile, seed %s", seed)
                    .isGreaterThan(revision + BATCHES);
            assertThat(store.compactRevision()).isGreaterThan(view.compactRevision());
            assertThat(told()).as("seed %s", seed).isEqualTo(expected);
        }
    }

    private void change(SplittableRandom random, long lease) {
        ApplyBatch batch = store.beginBatch();
        if (random.nextInt(30) == 0 && store.revision() > store.compactRevision() + 1) {
            batch.compact(random.nextLong(Math.max(1, store.compactRevision() + 1),
                    store.revision()));
        }
        WriteTxn txn = batch.begin();
        txn.grantLease(lease, 60);
        if (random.nextInt(6) == 0) {
            txn.deleteRange(KeyRange.prefix(key(random.nextInt(4))));
        }
        txn.put(key(random.nextInt(KEYS)),
                ByteString.copyFrom(new byte[random.nextInt(3_000)]), lease);
        txn.commit();
        batch.commit();
    }

    private static ByteString key(int i) {
        return ByteString.copyFromUtf8("k" + i);
    }

    private static List<String> expected(ReadView view) throws IOException {
        List<String> rows = new ArrayList<>();
        view.history((revision, keyValue) -> rows.add("key " + text(
                revision.asReadOnlyByteBuffer(), keyValue.asReadOnlyByteBuffer())));
        view.leases().forEach(lease -> rows.add("lease " + lease.id()));
        return rows;
    }

    private List<String> told() throws IOException {
        List<String> rows = new ArrayList<>();
        BoltReader.open(file, file.size()).read(new BoltVisitor() {
            private String current = "";

            @Override
            public void bucket(String name) {
                current = name;
            }

            @Override
            public void row(ByteBuffer key, ByteBuffer value) {
                if (current.equals(Buckets.KEY)) {
                    rows.add("key " + text(key, value));
                } else if (current.equals(Buckets.LEASE)) {
                    rows.add("lease " + key.getLong(0));
                }
            }
        });
        return rows;
    }

    private static String text(ByteBuffer key, ByteBuffer value) {
        return key.getLong(0) + "/" + key.getLong(9) + " of " + key.remaining() + ": "
                + value.hashCode();
    }

    @Test
    void oneThatNobodyWantsEndsAtOnce() {
        change(new SplittableRandom(1), 1);
        int[] asked = {0};
        BooleanSupplier cancelled = () -> ++asked[0] == 2;
        try (ReadView view = store.view()) {
            assertThatThrownBy(() -> BackupWriter.write(view, cancelled, file))
                    .isInstanceOf(InterruptedIOException.class);
        }
        assertThat(asked[0]).isEqualTo(2);
    }
}
