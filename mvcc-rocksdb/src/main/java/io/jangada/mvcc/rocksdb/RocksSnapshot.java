// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** A snapshot of RocksDB. Thread-safe; keeps the database open until it is closed. */
final class RocksSnapshot implements BackendSnapshot {
    private final RocksBackend backend;
    private final RocksDB database;
    private final Snapshot snapshot;
    private final ReadOptions readOptions;

    RocksSnapshot(RocksBackend backend, RocksDB database) {
        this.backend = backend;
        this.database = database;
        this.snapshot = database.getSnapshot();
        this.readOptions = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public Optional<ByteString> get(Table table, ByteString key) {
        try {
            byte[] value = database.get(backend.family(table), readOptions, key.toByteArray());
            return value == null
                    ? Optional.empty()
                    : Optional.of(UnsafeByteOperations.unsafeWrap(value));
        } catch (RocksDBException failed) {
            throw backend.failure("read of " + table, failed);
        }
    }

    @Override
    public Cursor cursor(Table table, ByteString from, ByteString to) {
        return new RocksCursor(backend, database, backend.family(table), snapshot, from, to);
    }

    @Override
    public void close() {
        readOptions.close();
        database.releaseSnapshot(snapshot);
        snapshot.close();
        backend.release();
    }
}
