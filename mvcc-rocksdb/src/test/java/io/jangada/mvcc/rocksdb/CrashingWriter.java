// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.WriteTxn;
import java.nio.file.Path;
import java.util.Random;

/**
 * A process that writes batches until it is killed: batch n puts some keys, and n as applied index.
 * Its write buffers are small, so that RocksDB flushes on its own as well.
 */
final class CrashingWriter {
    static final ByteString APPLIED = ByteString.copyFromUtf8("applied");
    static final int PUTS_PER_BATCH = 4;
    static final RocksLimits SMALL = new RocksLimits(1 << 20, 1 << 20, 64, 2, 1 << 20);
    private static final int VALUE_BYTES = 1000;
    private static final int PERSIST_EVERY = 500;

    private CrashingWriter() {}

    /** Writes into the directory named first; says on standard output what is persisted. */
    public static void main(String[] args) {
        MvccStore store = MvccStore.open(RocksBackend.open(Path.of(args[0]), SMALL));
        Random random = new Random(1);
        for (long n = 1; n > 0; n++) {
            write(store, n, random);
            if (n % PERSIST_EVERY == 0) {
                store.persist();
                System.out.println(n);
                System.out.flush();
            }
        }
    }

    private static void write(MvccStore store, long n, Random random) {
        ApplyBatch batch = store.beginBatch();
        WriteTxn txn = batch.begin();
        for (int i = 0; i < PUTS_PER_BATCH; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            txn.put(ByteString.copyFromUtf8("key" + i), ByteString.copyFrom(value), 0);
        }
        txn.commit();
        batch.putMeta(APPLIED, ByteString.copyFromUtf8(Long.toString(n)));
        batch.commit();
    }
}
