// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.BackendReader;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The whole state as a stream of bytes.
 *
 * <p>All numbers are big-endian. It starts with the magic number and the version, 4 bytes each.
 * Then chunks: length and CRC32C, 4 bytes each, and that many bytes of whole rows: table (1), length
 * of key (4), length of value (4), key, value. A chunk of length 0 ends it: its checksum is that of
 * the number of rows, 8 bytes, which follow.
 */
final class StateStream {
    private static final int MAGIC = 0x4a4d5653;
    private static final int VERSION = 2;
    private static final int CHUNK_BYTES = 256 << 10;
    private static final int CHUNK_BYTES_MAX = 512 << 20;
    private static final int ROW_HEADER_BYTES = 1 + Integer.BYTES + Integer.BYTES;

    private StateStream() {}

    static void write(BackendReader state, OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK_BYTES * 2);
        DataOutputStream rows = new DataOutputStream(chunk);
        long count = 0;
        for (Table table : Table.ALL) {
            try (Cursor cursor = state.cursor(table, ByteString.EMPTY, ByteString.EMPTY)) {
                for (; cursor.isValid(); cursor.next()) {
                    writeRow(rows, table, cursor.key(), cursor.value());
                    count++;
                    if (chunk.size() >= CHUNK_BYTES) {
                        writeChunk(out, chunk);
                    }
                }
            }
        }
        if (chunk.size() > 0) {
            writeChunk(out, chunk);
        }
        byte[] end = ByteBuffer.allocate(Long.BYTES).putLong(count).array();
        out.writeInt(0);
        out.writeInt(checksum(end));
        out.write(end);
    }

    private static void writeRow(DataOutputStream rows, Table table, ByteString key,
            ByteString value) throws IOException {
        rows.writeByte(table.number());
        rows.writeInt(key.size());
        rows.writeInt(value.size());
        key.writeTo(rows);
        value.writeTo(rows);
    }

    private static void writeChunk(DataOutputStream out, ByteArrayOutputStream chunk)
            throws IOException {
        byte[] bytes = chunk.toByteArray();
        out.writeInt(bytes.length);
        out.writeInt(checksum(bytes));
        out.write(bytes);
        chunk.reset();
    }

    static void read(InputStream from, Backend into) throws IOException {
        DataInputStream in = new DataInputStream(from);
        int magic = in.readInt();
        int version = in.readInt();
        if (magic != MAGIC || version != VERSION) {
            throw new IOException("not a state of the store: magic " + Integer.toHexString(magic)
                    + ", version " + version + ", this program reads " + VERSION);
        }
        long count = 0;
        for (int length = in.readInt(); length != 0; length = in.readInt()) {
            if (length < 0 || length > CHUNK_BYTES_MAX) {
                throw new IOException("chunk of " + length + " bytes, after " + count + " rows");
            }
            Batch batch = new Batch();
            count += readRows(verified(in, length, count), batch);
            into.write(batch);
        }
        long expected = ByteBuffer.wrap(verified(in, Long.BYTES, count)).getLong();
        if (expected != count) {
            throw new IOException("state of " + expected + " rows came with " + count);
        }
    }

    private static byte[] verified(DataInputStream in, int length, long count)
            throws IOException {
        int expected = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("state ends within a chunk, after " + count + " rows");
        }
        if (checksum(bytes) != expected) {
            throw new IOException("checksum mismatch after " + count + " rows of the state");
        }
        return bytes;
    }

    private static long readRows(byte[] chunk, Batch batch) throws IOException {
        ByteBuffer rows = ByteBuffer.wrap(chunk);
        List<Table> tables = Table.ALL;
        long count = 0;
        for (; rows.hasRemaining(); count++) {
            if (rows.remaining() < ROW_HEADER_BYTES) {
                throw new IOException("row cut short");
            }
            int table = rows.get();
            int keyBytes = rows.getInt();
            int valueBytes = rows.getInt();
            if (table < 0 || table >= tables.size() || keyBytes < 0 || valueBytes < 0
                    || (long) keyBytes + valueBytes > rows.remaining()) {
                throw new IOException("row of table " + table + " with a key of " + keyBytes
                        + " and a value of " + valueBytes + " bytes");
            }
            ByteString key = slice(chunk, rows, keyBytes);
            batch.put(tables.get(table), key, slice(chunk, rows, valueBytes));
        }
        return count;
    }

    private static ByteString slice(byte[] chunk, ByteBuffer rows, int bytes) {
        ByteString slice = UnsafeByteOperations.unsafeWrap(chunk, rows.position(), bytes);
        rows.position(rows.position() + bytes);
        return slice;
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
