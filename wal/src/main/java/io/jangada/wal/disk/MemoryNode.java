// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** A file's bytes: as they are read, and as they would be after a crash. Guarded by its disk. */
final class MemoryNode {
    private static final int SECTOR_BYTES = MemoryDisk.SECTOR_BYTES;

    private byte[] visible = new byte[0];
    private byte[] durable = new byte[0];
    private final BitSet changed = new BitSet();

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

    void write(ByteBuffer source, long position) {
        int count = source.remaining();
        if (count == 0) {
            return;
        }
        int start = Math.toIntExact(position);
        grow(Math.addExact(position, count));
        source.get(visible, start, count);
        change(start, start + count);
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
            copySector(s);
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
                copySector(s);
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

    MemoryNode copy() {
        MemoryNode copy = new MemoryNode();
        copy.visible = visible.clone();
        copy.durable = visible.clone();
        return copy;
    }

    private void change(int from, int to) {
        changed.set(from / SECTOR_BYTES, (to + SECTOR_BYTES - 1) / SECTOR_BYTES);
    }

    private void copySector(int sector) {
        int start = sector * SECTOR_BYTES;
        int end = Math.min(Math.min(visible.length, durable.length), start + SECTOR_BYTES);
        if (end > start) {
            System.arraycopy(visible, start, durable, start, end - start);
        }
    }
}
