// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The format of what follows a snapshot's header. Each chunk: its size, its checksum, its bytes. The
 * end: {@link #END}, a checksum, the number of chunks, the number of their bytes. A checksum covers the
 * header's checksum and the chunk's number too, so that a chunk of another file, or from another place,
 * never validates. Pure functions.
 */
final class SnapshotChunks {
    static final int CHUNK_BYTES = 1 << 16;
    static final int HEAD_BYTES = 2 * Integer.BYTES;
    static final int TRAILER_BYTES = HEAD_BYTES + 2 * Long.BYTES;
    static final int END = -1;

    private SnapshotChunks() {}

    /** The checksum of what remains in {@code data}, whose position does not move. */
    static int checksum(int headerChecksum, long number, int size, ByteBuffer data) {
        ByteBuffer place = ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES);
        place.putInt(headerChecksum).putLong(number).putInt(size).flip();
        CRC32C crc = new CRC32C();
        crc.update(place);
        crc.update(data.duplicate());
        return (int) crc.getValue();
    }

    static ByteBuffer trailer(int headerChecksum, long chunks, long dataBytes) {
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES);
        trailer.putInt(END).putInt(0).putLong(chunks).putLong(dataBytes).flip();
        ByteBuffer totals = trailer.duplicate().position(HEAD_BYTES);
        return trailer.putInt(Integer.BYTES, checksum(headerChecksum, chunks, END, totals));
    }
}
