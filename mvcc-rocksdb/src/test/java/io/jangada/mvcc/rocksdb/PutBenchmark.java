// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.WriteTxn;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Measures puts and point reads on RocksDB; run by hand: directory, seconds, batch, value bytes, keys. */
final class PutBenchmark {
    private static final ByteString APPLIED = ByteString.copyFromUtf8("applied");

    private PutBenchmark() {}

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        long seconds = Long.parseLong(args[1]);
        int batchPuts = Integer.parseInt(args[2]);
        int valueBytes = Integer.parseInt(args[3]);
        int keys = Integer.parseInt(args[4]);
        RocksBackend.open(directory, RocksLimits.DEFAULT).close();
        long opening = System.nanoTime();
        try (MvccStore store = MvccStore.open(RocksBackend.open(directory, RocksLimits.DEFAULT))) {
            System.out.printf("open %d ms, rss %s%n", millisSince(opening), rss());
            for (int second = 1; second <= seconds; second++) {
                long cpu = cpuNanos();
                long puts = putsFor(store, batchPuts, valueBytes, keys, second);
                System.out.printf("%d: %d puts/s, %.1f us cpu each (all threads), %d MB, rss %s%n",
                        second, puts, (cpuNanos() - cpu) / 1e3 / puts,
                        store.dbSizeBytes() >> 20, rss());
            }
            System.out.printf("%d gets/s%n", getsPerSecond(store, keys));
            long persisting = System.nanoTime();
            store.persist();
            System.out.printf("persist %d ms%n", millisSince(persisting));
        }
    }

    private static long putsFor(MvccStore store, int batchPuts, int valueBytes, int keys,
            long seed) {
        Random random = new Random(seed);
        byte[] value = new byte[valueBytes];
        random.nextBytes(value);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        long puts = 0;
        while (System.nanoTime() < end) {
            ApplyBatch batch = store.beginBatch();
            for (int i = 0; i < batchPuts; i++) {
                WriteTxn txn = batch.begin();
                txn.put(key(random.nextInt(keys)), ByteString.copyFrom(value), 0);
                txn.commit();
            }
            puts += batchPuts;
            batch.putMeta(APPLIED, key((int) puts));
            batch.commit();
        }
        return puts;
    }

    private static long getsPerSecond(MvccStore store, int keys) {
        Random random = new Random(1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        long gets = 0;
        long found = 0;
        for (; System.nanoTime() < end; gets++) {
            found += store.get(key(random.nextInt(keys))).isPresent() ? 1 : 0;
        }
        System.out.printf("%d of %d keys found%n", found, gets);
        return gets;
    }

    private static ByteString key(int number) {
        return ByteString.copyFromUtf8("/registry/benchmark/" + number);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory
                .getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static String rss() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS")).findFirst().orElse("unknown");
    }
}
