// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.wal.disk.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/** The state in a snapshot file, given out chunk by verified chunk. For one thread. */
final class SnapshotInput extends InputStream {
    private final DiskFile file;
    private final Path path;
    private final SnapshotHeader header;
    private final int headerChecksum;
    private final SnapshotContent content = new SnapshotContent();
    private final ByteBuffer chunk = ByteBuffer.allocate(SnapshotChunks.CHUNK_BYTES).limit(0);
    private final ByteBuffer head = ByteBuffer.allocate(SnapshotChunks.TRAILER_BYTES);
    private long at;
    private long chunks;
    private long dataBytes;
    private boolean ended;

    /** Takes {@code file} over, and closes it at once if its header is damaged. */
    SnapshotInput(DiskFile file, Path path) throws IOException {
        this.file = file;
        this.path = path;
        boolean begun = false;
        try {
            header = SnapshotHeader.read(file, path);
            at = header.encodedBytes();
            headerChecksum = SnapshotHeader.checksum(header.encode());
            content.header(headerChecksum);
            begun = true;
        } finally {
            if (!begun) {
                file.close();
            }
        }
    }

    /**
     * What a file holds that verifies from the first byte to the last.
     *
     * @param contentId tells it from others of the same entry
     */
    record Verified(SnapshotHeader header, long contentId) {}

    /** Reads all chunks of a file; the file stays open. */
    static Verified verify(DiskFile file, Path path) throws IOException {
        SnapshotInput input = new SnapshotInput(file, path);
        while (input.fill()) {
            input.chunk.position(input.chunk.limit());
        }
        return new Verified(input.header, input.content.id());
    }

    @Override
    public int read() throws IOException {
        return fill() ? chunk.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, target.length);
        if (count == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int given = Math.min(count, chunk.remaining());
        chunk.get(target, from, given);
        return given;
    }

    @Override
    public int available() {
        return chunk.remaining();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Whether there is a byte to give out, after reading the next chunk if need be. */
    private boolean fill() throws IOException {
        while (!chunk.hasRemaining() && !ended) {
            int size = readHead();
            if (size == SnapshotChunks.END) {
                readTrailer();
            } else {
                readChunk(size);
            }
        }
        return chunk.hasRemaining();
    }

    private int readHead() throws IOException {
        read(head.clear().limit(SnapshotChunks.HEAD_BYTES));
        int size = head.getInt(0);
        if (size != SnapshotChunks.END && (size <= 0 || size > SnapshotChunks.CHUNK_BYTES)) {
            throw damaged("a chunk of " + size + " bytes");
        }
        return size;
    }

    private void readChunk(int size) throws IOException {
        int expected = head.getInt(Integer.BYTES);
        at += SnapshotChunks.HEAD_BYTES;
        chunk.clear().limit(size);
        int count = file.read(chunk, at);
        chunk.flip();
        if (count < size
                || SnapshotChunks.checksum(headerChecksum, chunks, size, chunk) != expected) {
            chunk.limit(0);
            throw damaged("the checksum of chunk " + chunks + " does not match");
        }
        content.chunk(expected);
        at += size;
        chunks++;
        dataBytes += size;
    }

    private void readTrailer() throws IOException {
        read(head.clear());
        if (!head.flip().equals(SnapshotChunks.trailer(headerChecksum, chunks, dataBytes))) {
            throw damaged("the end does not match the " + chunks + " chunks before it");
        }
        at += SnapshotChunks.TRAILER_BYTES;
        if (file.bytes() != at) {
            throw damaged("there is more after the end");
        }
        ended = true;
    }

    private void read(ByteBuffer target) throws IOException {
        int wanted = target.remaining();
        if (file.read(target, at) < wanted) {
            throw damaged("the file is cut off");
        }
    }

    private SnapshotDamagedException damaged(String found) {
        return new SnapshotDamagedException(path, at, found);
    }
}
