// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jangada.mvcc.backend.ByteOrder;
import io.jangada.mvcc.backend.Cursor;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** A cursor over a column family. One thread's. */
final class RocksCursor implements Cursor {
    private final RocksBackend backend;
    private final ByteString from;
    private final @Nullable Slice upperBound;
    private final ReadOptions readOptions;
    private final RocksIterator iterator;
    /** The key here, read when first asked for. */
    private @Nullable ByteString key;
    /** Where heads of values are read to. */
    private byte[] head = {};
    private boolean valid;

    RocksCursor(RocksBackend backend, RocksDB database, ColumnFamilyHandle family,
            Snapshot snapshot, ByteString from, ByteString to) {
        this.backend = backend;
        this.from = from;
        this.readOptions = new ReadOptions().setSnapshot(snapshot);
        if (to.isEmpty()) {
            this.upperBound = null;
        } else {
            Slice bound = new Slice(to.toByteArray());
            readOptions.setIterateUpperBound(bound);
            this.upperBound = bound;
        }
        this.iterator = database.newIterator(family, readOptions);
        iterator.seek(from.toByteArray());
        checkStatus();
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public void next() {
        key = null;
        iterator.next();
        checkStatus();
    }

    @Override
    public void seek(ByteString to) {
        key = null;
        ByteString target = ByteOrder.compare(to, from) < 0 ? from : to;
        iterator.seek(target.toByteArray());
        checkStatus();
    }

    @Override
    public ByteString key() {
        ByteString known = key;
        if (known == null) {
            known = UnsafeByteOperations.unsafeWrap(iterator.key());
            key = known;
        }
        return known;
    }

    @Override
    public ByteString value() {
        return UnsafeByteOperations.unsafeWrap(iterator.value());
    }

    @Override
    public ByteString valueHead(int bytesMax) {
        if (head.length != bytesMax) {
            head = new byte[bytesMax];
        }
        return ByteString.copyFrom(head, 0, Math.min(bytesMax, iterator.value(head)));
    }

    @Override
    public void close() {
        iterator.close();
        readOptions.close();
        if (upperBound != null) {
            upperBound.close();
        }
    }

    /** An iterator that has run into an error looks like one at its end: never take it for that. */
    private void checkStatus() {
        valid = iterator.isValid();
        if (valid) {
            return;
        }
        try {
            iterator.status();
        } catch (RocksDBException failed) {
            throw backend.failure("scan", failed);
        }
    }
}
