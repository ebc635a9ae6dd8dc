// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A file's bytes: as they are read, as they would be after a crash, and as each sector was before it last became
 * durable. Guarded by its disk.
 */
final class MemoryNode {
    private static final int SECTOR_BYTES = MemoryDisk.SECTOR_BYTES;

    private byte[] visible = new byte[0];
    private byte[] durable = new byte[0];
    private byte[] previous = new byte[0];
    private final BitSet changed = new BitSet();
    private final BitSet unreadable = new BitSet();

    long bytes() {
        return visible.length;
    }

    int read(ByteBuffer target, long position) {
        int count = (int) Math.max(0, Math.min(target.remaining(), visible.length - position));
        if (count > 0) {
            target.put(visible, (int) position, count);
        }
        return count;
    }

    /** Whether {@code count} bytes from {@code position} on hold nothing that cannot be read. */
    boolean isReadable(long position, int count) {
        int broken = unreadable.nextSetBit(Math.toIntExact(position / SECTOR_BYTES));
        return broken < 0 || (long) broken * SECTOR_BYTES >= position + count;
    }

    /** Whether so much can be written there: of a sector that cannot be read, all of it or nothing. */
    boolean isWritable(long position, int count) {
        long end = position + count;
        for (int s = unreadable.nextSetBit(Math.toIntExact(position / SECTOR_BYTES)); s >= 0
                && (long) s * SECTOR_BYTES < end; s = unreadable.nextSetBit(s + 1)) {
            if ((long) s * SECTOR_BYTES < position || sectorEnd(s) > end) {
                return false;
            }
        }
        return true;
    }

    /** The caller has seen that it {@link #isWritable}. */
    void write(ByteBuffer source, long position) {
        int count = source.remaining();
        if (count == 0) {
            return;
        }
        int start = Math.toIntExact(position);
        grow(Math.addExact(position, count));
        source.get(visible, start, count);
        change(start, start + count);
        unreadable.clear(start / SECTOR_BYTES, sectors(start + count));
    }

    void grow(long bytes) {
        int before = visible.length;
        if (bytes > before) {
            visible = Arrays.copyOf(visible, Math.toIntExact(bytes));
            change(before, visible.length);
        }
    }

    void force() {
        if (durable.length < visible.length) {
            durable = Arrays.copyOf(durable, visible.length);
        }
        for (int s = changed.nextSetBit(0); s >= 0; s = changed.nextSetBit(s + 1)) {
            makeDurable(s);
        }
        changed.clear();
    }

    /** Makes the changes of a failed force readable but never durable. */
    void forget() {
        changed.clear();
    }

    /** Loses what {@code tear} says, and returns the number of the next change. */
    long crash(Tear tear, long firstNth) {
        long nth = firstNth;
        for (int s = changed.nextSetBit(0); s >= 0; s = changed.nextSetBit(s + 1)) {
            if (tear.survives(nth++)) {
                int end = Math.min(visible.length, (s + 1) * SECTOR_BYTES);
                durable = Arrays.copyOf(durable, Math.max(durable.length, end));
                makeDurable(s);
            }
        }
        changed.clear();
        visible = durable.clone();
        return nth;
    }

    void flip(long offset, int bit) {
        int at = Math.toIntExact(offset);
        visible[at] ^= (byte) (1 << bit);
        if (at < durable.length) {
            durable[at] ^= (byte) (1 << bit);
        }
    }

    void zeroSector(long offset) {
        int start = Math.toIntExact(offset / SECTOR_BYTES * SECTOR_BYTES);
        Arrays.fill(visible, start, Math.min(visible.length, start + SECTOR_BYTES), (byte) 0);
        if (start < durable.length) {
            Arrays.fill(durable, start, Math.min(durable.length, start + SECTOR_BYTES), (byte) 0);
        }
    }

    /** The bytes of the sector that holds {@code offset}; at the end of the file there are fewer. */
    byte[] sector(long offset) {
        int start = sectorStart(offset);
        return Arrays.copyOfRange(visible, start, Math.min(visible.length, start + SECTOR_BYTES));
    }

    /** Gives the sector that holds {@code offset} these bytes, as far as the file goes. */
    void overwrite(long offset, byte[] content) {
        int start = sectorStart(offset);
        copy(content, 0, visible, start, content.length);
        copy(content, 0, durable, start, content.length);
    }

    /** Gives the sector that holds {@code offset} what it held before it last became durable. */
    void revert(long offset) {
        int start = sectorStart(offset);
        copy(previous, start, visible, start, SECTOR_BYTES);
        copy(previous, start, durable, start, SECTOR_BYTES);
    }

    void breakSector(long offset) {
        unreadable.set(sectorStart(offset) / SECTOR_BYTES);
    }

    MemoryNode copy() {
        return with(visible);
    }

    /** A file with what a crash now would leave at the least. */
    MemoryNode afterCrash() {
        return with(durable);
    }

    private MemoryNode with(byte[] content) {
        MemoryNode node = new MemoryNode();
        node.visible = content.clone();
        node.durable = content.clone();
        node.previous = previous.clone();
        node.unreadable.or(unreadable);
        return node;
    }

    private void change(int from, int to) {
        changed.set(from / SECTOR_BYTES, sectors(to));
    }

    private static int sectors(int bytes) {
        return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES;
    }

    private static int sectorStart(long offset) {
        return Math.toIntExact(offset / SECTOR_BYTES * SECTOR_BYTES);
    }

    private int sectorEnd(int sector) {
        return Math.min(visible.length, (sector + 1) * SECTOR_BYTES);
    }

    private void makeDurable(int sector) {
        int start = sector * SECTOR_BYTES;
        if (previous.length < durable.length) {
            previous = Arrays.copyOf(previous, durable.length);
        }
        copy(durable, start, previous, start, SECTOR_BYTES);
        copy(visible, start, durable, start, SECTOR_BYTES);
    }

    /** Copies {@code count} bytes, or as many as there are on both sides. */
    private static void copy(byte[] from, int fromStart, byte[] to, int toStart, int count) {
        int fitting = Math.min(count, Math.min(from.length - fromStart, to.length - toStart));
        if (fitting > 0) {
            System.arraycopy(from, fromStart, to, toStart, fitting);
        }
    }
}
