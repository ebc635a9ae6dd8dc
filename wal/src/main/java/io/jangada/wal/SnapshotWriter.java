// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A snapshot file in the making: a stream to which the state is written, and then {@link #commit} or
 * {@link #abort}. Nobody sees the file before it is committed. Closing aborts what is not committed.
 * For one thread.
 */
public final class SnapshotWriter extends OutputStream {
    private final SnapshotStore store;
    private final SnapshotTemporary temporary;
    private final SnapshotHeader header;
    private final int headerChecksum;
    private final ByteBuffer chunk = ByteBuffer
            .allocate(SnapshotChunks.HEAD_BYTES + SnapshotChunks.CHUNK_BYTES)
            .position(SnapshotChunks.HEAD_BYTES);
    private final SnapshotContent content = new SnapshotContent();
    private long chunks;
    private long dataBytes;

    SnapshotWriter(SnapshotStore store, SnapshotTemporary temporary, SnapshotHeader header)
            throws IOException {
        this.store = store;
        this.temporary = temporary;
        this.header = header;
        ByteBuffer encoded = header.encode();
        headerChecksum = SnapshotHeader.checksum(encoded);
        content.header(headerChecksum);
        temporary.append(encoded);
    }

    @Override
    public void write(int value) throws IOException {
        chunk.put((byte) value);
        if (!chunk.hasRemaining()) {
            endChunk();
        }
    }

    @Override
    public void write(byte[] source, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, source.length);
        write(ByteBuffer.wrap(source, from, count));
    }

    /** Writes all that remains in {@code source}. */
    public void write(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            int count = Math.min(source.remaining(), chunk.remaining());
            chunk.put(source.slice(source.position(), count));
            source.position(source.position() + count);
            if (!chunk.hasRemaining()) {
                endChunk();
            }
        }
    }

    /**
     * Makes the file durable and gives it its name; older ones beyond those that the store retains are
     * deleted.
     *
     * @throws IllegalStateException after commit or abort
     */
    public SnapshotFile commit() throws IOException {
        if (chunk.position() > SnapshotChunks.HEAD_BYTES) {
            endChunk();
        }
        temporary.append(SnapshotChunks.trailer(headerChecksum, chunks, dataBytes));
        return store.commit(temporary, header, content.id());
    }

    /** Deletes what was written; does nothing after commit or abort. */
    public void abort() throws IOException {
        temporary.abort();
    }

    @Override
    public void close() throws IOException {
        abort();
    }

    private void endChunk() throws IOException {
        int size = chunk.position() - SnapshotChunks.HEAD_BYTES;
        ByteBuffer data = chunk.duplicate().flip().position(SnapshotChunks.HEAD_BYTES);
        int checksum = SnapshotChunks.checksum(headerChecksum, chunks, size, data);
        chunk.putInt(0, size).putInt(Integer.BYTES, checksum);
        content.chunk(checksum);
        temporary.append(chunk.flip());
        chunk.clear().position(SnapshotChunks.HEAD_BYTES);
        chunks++;
        dataBytes += size;
    }
}
