// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Verifies a snapshot file while its bytes come, in order and in pieces of any size: a damaged chunk is
 * noticed with its last byte. Holds no more than one chunk, or the header. For one thread.
 */
final class SnapshotScan {
    private enum Part {
        HEADER_START, HEADER, CHUNK_HEAD, CHUNK, TRAILER, END
    }

    private final Path path;
    private ByteBuffer held = ByteBuffer.allocate(SnapshotHeader.FIXED_BYTES);
    private Part part = Part.HEADER_START;
    private int headerChecksum;
    private long chunks;
    private long dataBytes;
    private long verifiedBytes;

    /** From the first byte on. */
    SnapshotScan(Path path) {
        this.path = path;
    }

    /** From {@code position} on, the end of the header or of a chunk: all chunks but the last are full. */
    static SnapshotScan from(SnapshotHeader header, Path path, long position) {
        SnapshotScan scan = new SnapshotScan(path);
        long behindHeader = position - header.encodedBytes();
        scan.headerChecksum = SnapshotHeader.checksum(header.encode());
        scan.chunks = Math.ceilDiv(behindHeader,
                SnapshotChunks.HEAD_BYTES + SnapshotChunks.CHUNK_BYTES);
        scan.dataBytes = behindHeader - scan.chunks * SnapshotChunks.HEAD_BYTES;
        scan.verifiedBytes = position;
        scan.expect(Part.CHUNK_HEAD, SnapshotChunks.HEAD_BYTES);
        return scan;
    }

    /** The end of the last chunk, or of the header, that is as it was written: a place to go on from. */
    long verifiedBytes() {
        return verifiedBytes;
    }

    /** Forgets what came after {@link #verifiedBytes}; what comes next is from there on. */
    void rewind() {
        if (verifiedBytes == 0) {
            expect(Part.HEADER_START, SnapshotHeader.FIXED_BYTES);
        } else {
            expect(Part.CHUNK_HEAD, SnapshotChunks.HEAD_BYTES);
        }
    }

    /** Takes all that remains in {@code source}, whose position does not move. */
    void accept(ByteBuffer source) throws IOException {
        ByteBuffer rest = source.duplicate();
        while (rest.hasRemaining()) {
            if (part == Part.END) {
                throw damaged("there is more after the end");
            }
            int count = Math.min(rest.remaining(), held.remaining());
            held.put(rest.slice(rest.position(), count));
            rest.position(rest.position() + count);
            if (!held.hasRemaining()) {
                next();
            }
        }
    }

    private void next() throws IOException {
        switch (part) {
            case HEADER_START -> headerStart();
            case HEADER -> header();
            case CHUNK_HEAD -> chunkHead();
            case CHUNK -> chunk();
            case TRAILER -> trailer();
            case END -> throw damaged("there is more after the end");
        }
    }

    private void headerStart() throws IOException {
        int bytes = SnapshotHeader.bytes(held.duplicate().flip(), path);
        if (bytes == SnapshotHeader.FIXED_BYTES) {
            header();
            return;
        }
        ByteBuffer start = held.flip();
        held = ByteBuffer.allocate(bytes).put(start);
        part = Part.HEADER;
    }

    private void header() throws IOException {
        ByteBuffer whole = held.duplicate().flip();
        if (!SnapshotHeader.isIntact(whole)) {
            throw damaged("the header's checksum does not match");
        }
        headerChecksum = SnapshotHeader.checksum(whole);
        verifiedBytes = whole.limit();
        expect(Part.CHUNK_HEAD, SnapshotChunks.HEAD_BYTES);
    }

    private void chunkHead() throws IOException {
        int size = held.getInt(0);
        if (size == SnapshotChunks.END) {
            expect(Part.TRAILER, SnapshotChunks.TRAILER_BYTES);
            held.putInt(size).putInt(0);
            return;
        }
        if (size <= 0 || size > SnapshotChunks.CHUNK_BYTES) {
            throw damaged("a chunk of " + size + " bytes");
        }
        int checksum = held.getInt(Integer.BYTES);
        expect(Part.CHUNK, SnapshotChunks.HEAD_BYTES + size);
        held.putInt(size).putInt(checksum);
    }

    private void chunk() throws IOException {
        int size = held.getInt(0);
        ByteBuffer data = held.duplicate().flip().position(SnapshotChunks.HEAD_BYTES);
        if (SnapshotChunks.checksum(headerChecksum, chunks, size, data) != held
                .getInt(Integer.BYTES)) {
            throw damaged("the checksum of chunk " + chunks + " does not match");
        }
        chunks++;
        dataBytes += size;
        verifiedBytes += SnapshotChunks.HEAD_BYTES + size;
        expect(Part.CHUNK_HEAD, SnapshotChunks.HEAD_BYTES);
    }

    /** Nothing goes on from behind the end: that it is there is no part of what is verified. */
    private void trailer() throws IOException {
        ByteBuffer expected = SnapshotChunks.trailer(headerChecksum, chunks, dataBytes)
                .position(SnapshotChunks.HEAD_BYTES);
        if (!held.duplicate().flip().position(SnapshotChunks.HEAD_BYTES).equals(expected)) {
            throw damaged("the end does not match the " + chunks + " chunks before it");
        }
        part = Part.END;
    }

    private void expect(Part next, int bytes) {
        part = next;
        if (held.capacity() < bytes) {
            held = ByteBuffer.allocate(SnapshotChunks.HEAD_BYTES + SnapshotChunks.CHUNK_BYTES);
        }
        held.clear().limit(bytes);
    }

    private SnapshotDamagedException damaged(String found) {
        return new SnapshotDamagedException(path, verifiedBytes, found);
    }
}
