// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Change;
import io.jangada.mvcc.backend.Table;
import java.util.List;

/**
 * Writes a batch in RocksDB's own form, so that it crosses into native code once, not once a row.
 *
 * <p>The form (RocksDB: write_batch.cc): sequence number, 8 bytes, and number of rows, 4 bytes, both
 * little-endian; then per row a tag, the column family, the key and, if put, the value, the last
 * three with their numbers and lengths as varints.
 */
final class BatchEncoding {
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_AT = 8;
    private static final byte DELETE = 4;
    private static final byte PUT = 5;
    private static final int TAG_BYTES = 1;

    private final byte[] bytes;
    private int at = HEADER_BYTES;

    private BatchEncoding(int size) {
        bytes = new byte[size];
    }

    /** The encoding of {@code batch}; {@code familyIds} are RocksDB's, by number of the table. */
    static byte[] of(Batch batch, int[] familyIds) {
        int size = HEADER_BYTES;
        int count = 0;
        for (Table table : Table.ALL) {
            int family = familyIds[table.number()];
            List<Batch.Row> rows = batch.log(table);
            count += rows.size();
            for (int i = 0; i < rows.size(); i++) {
                Batch.Row row = rows.get(i);
                size = Math.addExact(size, rowBytes(family, row.key(), row.change()));
            }
        }
        BatchEncoding encoding = new BatchEncoding(size);
        encoding.writeCount(count);
        for (Table table : Table.ALL) {
            List<Batch.Row> rows = batch.log(table);
            for (int i = 0; i < rows.size(); i++) {
                Batch.Row row = rows.get(i);
                encoding.writeRow(familyIds[table.number()], row.key(), row.change());
            }
        }
        if (encoding.at != size) {
            throw new IllegalStateException("batch of " + size + " bytes took " + encoding.at);
        }
        return encoding.bytes;
    }

    private static int rowBytes(int family, ByteString key, Change change) {
        int head = TAG_BYTES + varintBytes(family) + sizedBytes(key);
        return switch (change) {
            case Change.Put put -> head + sizedBytes(put.value());
            case Change.Delete ignored -> head;
        };
    }

    private static int sizedBytes(ByteString content) {
        return varintBytes(content.size()) + content.size();
    }

    private static int varintBytes(int number) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(number | 1) + 6) / 7;
    }

    private void writeCount(int count) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[COUNT_AT + i] = (byte) (count >>> (8 * i));
        }
    }

    private void writeRow(int family, ByteString key, Change change) {
        switch (change) {
            case Change.Put put -> {
                bytes[at++] = PUT;
                writeVarint(family);
                writeSized(key);
                writeSized(put.value());
            }
            case Change.Delete ignored -> {
                bytes[at++] = DELETE;
                writeVarint(family);
                writeSized(key);
            }
        }
    }

    private void writeSized(ByteString content) {
        writeVarint(content.size());
        content.copyTo(bytes, at);
        at += content.size();
    }

    private void writeVarint(int number) {
        int rest = number;
        for (; rest > 0x7f; rest >>>= 7) {
            bytes[at++] = (byte) (rest | 0x80);
        }
        bytes[at++] = (byte) rest;
    }
}
