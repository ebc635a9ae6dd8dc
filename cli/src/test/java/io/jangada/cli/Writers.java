// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.PutRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that put key after key, each key once, to whichever member answers, and remember what was
 * acknowledged. Keys begin with the writer's number, values are the key's own number.
 */
final class Writers implements AutoCloseable {
    /** After a failure: those who have nobody to talk to should leave the processors to the members. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final List<MemberProcess> members;
    private final ExecutorService threads;
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean stopped;

    /** {@code members} may change meanwhile: then the clients go to whoever is there. */
    Writers(List<MemberProcess> members, int count) {
        this.members = members;
        threads = Executors.newFixedThreadPool(count, Thread.ofPlatform().daemon().factory());
        for (int i = 0; i < count; i++) {
            int writer = i;
            threads.execute(() -> write(writer));
        }
    }

    private void write(int writer) {
        int at = writer;
        for (long n = 0; !stopped; n++) {
            String key = "w" + writer + "/" + n;
            try {
                List<MemberProcess> now = List.copyOf(members);
                now.get(at % now.size()).kv(2_000).put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(Long.toString(n)))
                        .build());
                acknowledged.put(key, Long.toString(n));
            } catch (StatusRuntimeException ignored) {
                failures.incrementAndGet(); // Refused or unknown: nothing was promised. Another member, another key.
                at++;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** What has been acknowledged so far. */
    Map<String, String> acknowledged() {
        return acknowledged;
    }

    long failureCount() {
        return failures.get();
    }

    /** Waits until {@code count} more puts are acknowledged. */
    void awaitMore(int count) {
        long target = (long) acknowledged.size() + count;
        Cluster.await(count + " more acknowledged puts", 60, () -> acknowledged.size() >= target);
    }

    /** No more puts; returns when the last one is answered. Idempotent. */
    void stop() {
        stopped = true;
        threads.shutdown();
        try {
            if (threads.awaitTermination(30, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("writers do not end");
    }

    @Override
    public void close() {
        stop();
    }
}
