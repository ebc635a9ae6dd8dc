// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.metrics;

import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.raftnode.Clock;
import java.util.function.LongConsumer;

/**
 * Measures how long a backend takes to write batches. Threads: as the backend's.
 *
 * @param backend does the work; closed with this
 * @param clock measures it
 * @param wrote told of each batch, in nanoseconds, by the writer
 */
public record TimedBackend(Backend backend, Clock clock, LongConsumer wrote) implements Backend {

    @Override
    public void write(Batch batch) {
        long startNanos = clock.nanos();
        backend.write(batch);
        wrote.accept(clock.nanos() - startNanos);
    }

    @Override
    public BackendSnapshot snapshot() {
        return backend.snapshot();
    }

    @Override
    public void clear() {
        backend.clear();
    }

    @Override
    public void persist() {
        backend.persist();
    }

    @Override
    public void defragment() {
        backend.defragment();
    }

    @Override
    public void measure() {
        backend.measure();
    }

    @Override
    public long sizeBytes() {
        return backend.sizeBytes();
    }

    @Override
    public long sizeInUseBytes() {
        return backend.sizeInUseBytes();
    }

    @Override
    public void close() {
        backend.close();
    }
}
