// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * A client with little to ask for: a put and a linearizable get of a small key, then a pause. Every get must find what was
 * put. It tells how long they take, alone and beside others' load.
 */
final class LightClient implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int KEYS = 1_000;
    private static final int SAMPLES_MAX = 1_000_000;

    private final ManagedChannel channel;
    private final KVGrpc.KVBlockingStub kv;
    private long number;

    /** How long puts and gets took. Immutable. */
    static final class Latencies {
        private final long[] puts;
        private final long[] gets;

        /** In nanoseconds. */
        Latencies(long[] puts, long[] gets) {
            this.puts = sorted(puts);
            this.gets = sorted(gets);
        }

        boolean isEmpty() {
            return gets.length == 0;
        }

        private static long[] sorted(long[] nanos) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return sorted;
        }

        private static double millis(long[] nanos, int percent) {
            return nanos.length == 0
                    ? Double.NaN
                    : nanos[(int) ((nanos.length - 1) * (long) percent / 100)] / 1e6;
        }

        /** One line: what {@code loaded} is beside this. */
        String beside(Latencies loaded) {
            return "put " + compare(puts, loaded.puts) + "; get " + compare(gets, loaded.gets);
        }

        private static String compare(long[] alone, long[] loaded) {
            return String.format(Locale.ROOT,
                    "p50 %.2f -> %.2f ms, p99 %.2f -> %.2f ms (x%.1f, %,d and %,d samples)",
                    millis(alone, 50), millis(loaded, 50), millis(alone, 99), millis(loaded, 99),
                    millis(loaded, 99) / millis(alone, 99), alone.length, loaded.length);
        }
    }

    LightClient(String endpoint) {
        channel = Transport.PLAIN.channel().apply(endpoint);
        kv = KVGrpc.newBlockingStub(channel);
    }

    /** Asks until {@code over} is complete. */
    Latencies until(CompletableFuture<?> over) {
        LongStream.Builder puts = LongStream.builder();
        LongStream.Builder gets = LongStream.builder();
        for (int i = 0; i < SAMPLES_MAX && !over.isDone(); i++) {
            ByteString key = ByteString.copyFromUtf8("light/" + number % KEYS);
            ByteString value = ByteString.copyFromUtf8("value " + number++);
            long begin = System.nanoTime();
            var put = kv.withDeadlineAfter(60, TimeUnit.SECONDS)
                    .put(PutRequest.newBuilder().setKey(key).setValue(value).build());
            long middle = System.nanoTime();
            var got = kv.withDeadlineAfter(60, TimeUnit.SECONDS)
                    .range(RangeRequest.newBuilder().setKey(key).build());
            gets.add(System.nanoTime() - middle);
            puts.add(middle - begin);
            if (got.getKvsCount() != 1 || !got.getKvs(0).getValue().equals(value)
                    || got.getKvs(0).getModRevision() != put.getHeader().getRevision()) {
                throw new AssertionError("put " + value.toStringUtf8() + " and got " + got);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return new Latencies(puts.build().toArray(), gets.build().toArray());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
