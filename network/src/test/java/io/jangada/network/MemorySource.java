// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.raft.model.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A snapshot in memory, of random bytes; counts how often it is closed. */
public final class MemorySource implements SnapshotSource {
    private final Bytes bytes;
    private final long failsAt;
    /** The least position that was read; the largest number before. */
    public final AtomicLong firstRead = new AtomicLong(Long.MAX_VALUE);
    /** Completed when closed; a second time fails. */
    public final CompletableFuture<Boolean> closed = new CompletableFuture<>();

    /** With {@code size} bytes; reads from {@code failsAt} on fail. */
    public MemorySource(int size, long failsAt) {
        byte[] random = new byte[size];
        new Random(size).nextBytes(random);
        this.bytes = Bytes.wrap(random);
        this.failsAt = failsAt;
    }

    /** All of it. */
    public Bytes bytes() {
        return bytes;
    }

    @Override
    public long totalBytes() {
        return bytes.size();
    }

    @Override
    public long contentId() {
        return bytes.hashCode();
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        firstRead.accumulateAndGet(position, Math::min);
        if (position >= failsAt) {
            throw new IOException("unreadable");
        }
        int from = (int) position;
        bytes.slice(from, Math.min(bytes.size(), from + target.remaining())).copyTo(target);
    }

    @Override
    public void close() {
        if (!closed.complete(true)) {
            throw new IllegalStateException("closed twice");
        }
    }
}
