// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.util.Optional;

/** A backend that counts the rows asked for one by one, and measures what is written at once. One thread's. */
final class CountingBackend implements Backend {
    long gets;
    long batchBytesMax;

    private final Backend backend;

    CountingBackend(Backend backend) {
        this.backend = backend;
    }

    @Override
    public BackendSnapshot snapshot() {
        BackendSnapshot snapshot = backend.snapshot();
        return new BackendSnapshot() {
            @Override
            public Optional<ByteString> get(Table table, ByteString key) {
                gets++;
                return snapshot.get(table, key);
            }

            @Override
            public Cursor cursor(Table table, ByteString from, ByteString to) {
                return snapshot.cursor(table, from, to);
            }

            @Override
            public void close() {
                snapshot.close();
            }
        };
    }

    @Override
    public void write(Batch batch) {
        batchBytesMax = Math.max(batchBytesMax, batch.bytes());
        backend.write(batch);
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
