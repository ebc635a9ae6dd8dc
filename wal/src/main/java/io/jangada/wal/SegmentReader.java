// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.wal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A segment's bytes through a window that moves; it grows only to hold one record, whose size has been
 * checked. For one thread.
 */
final class SegmentReader {
    private static final int WINDOW_BYTES = 1 << 20;

    private final DiskFile file;
    private final Path path;
    private final long bytes;
    private ByteBuffer window;
    private long windowStart;

    SegmentReader(DiskFile file, Path path) throws IOException {
        this.file = file;
        this.path = path;
        this.bytes = file.bytes() / RecordFormat.ALIGNMENT * RecordFormat.ALIGNMENT;
        this.window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, bytes)).limit(0);
    }

    Path path() {
        return path;
    }

    /** The size of the file, rounded down to where a record may end. */
    long bytes() {
        return bytes;
    }

    /** Where {@code count} bytes from {@code offset} on begin in {@link #window}; all are in the file. */
    int load(long offset, int count) throws IOException {
        if (offset < windowStart || offset + count > windowStart + window.limit()) {
            fill(offset, count);
        }
        return (int) (offset - windowStart);
    }

    /** The bytes loaded last; good until the next {@link #load}. */
    ByteBuffer window() {
        return window;
    }

    private void fill(long offset, int count) throws IOException {
        if (window.capacity() < count) {
            window = ByteBuffer.allocate(count);
        }
        windowStart = offset;
        file.read(window.clear(), offset);
        window.flip();
        if (window.remaining() < count) {
            throw new WalCorruptException(path, offset, "the file ends early");
        }
    }

    /** Whether the part of the sector that holds {@code offset}, from {@code start} on, is all zeros. */
    boolean sectorIsZero(long start, long offset) throws IOException {
        long from = sectorStart(start, offset);
        long to = Math.min(bytes, offset / RecordFormat.SECTOR_BYTES * RecordFormat.SECTOR_BYTES
                + RecordFormat.SECTOR_BYTES);
        int count = (int) (to - from);
        return RecordFormat.isZero(window, load(from, count), count);
    }

    /** Whether a sector that [from, to) touches is all zeros from {@code start} on. */
    boolean touchesZeroSector(long start, long from, long to) throws IOException {
        for (long at = from; at < Math.min(to, bytes); at = nextSector(at)) {
            if (sectorIsZero(start, at)) {
                return true;
            }
        }
        return false;
    }

    /** How many sectors, or parts of them at the ends, of [from, to) are all zeros. */
    long zeroSectors(long from, long to) throws IOException {
        long zeroSectors = 0;
        for (long at = from; at < to; at = nextSector(at)) {
            int count = (int) (Math.min(to, nextSector(at)) - at);
            if (RecordFormat.isZero(window, load(at, count), count)) {
                zeroSectors++;
            }
        }
        return zeroSectors;
    }

    /** Where the last sector after {@code start} that is not all zeros ends; {@code start} if all are. */
    long contentEnd(long start) throws IOException {
        long end = start;
        for (long at = start; at < bytes; at = nextSector(at)) {
            if (!sectorIsZero(start, at)) {
                end = Math.min(bytes, nextSector(at));
            }
        }
        return end;
    }

    private static long sectorStart(long start, long offset) {
        return Math.max(start, offset / RecordFormat.SECTOR_BYTES * RecordFormat.SECTOR_BYTES);
    }

    private static long nextSector(long offset) {
        return (offset / RecordFormat.SECTOR_BYTES + 1) * RecordFormat.SECTOR_BYTES;
    }
}
