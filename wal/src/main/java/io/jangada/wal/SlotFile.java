// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Bytes;
import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A small record in a file of its own, replaced as a whole. The file has two slots that hold the same:
 * one is written and forced after the other, so that a torn write, a damaged sector or a flipped bit
 * leaves the other one. Its size never changes: it can be written on a full disk. For one thread.
 *
 * <pre>
 *  0 int   checksum of all that follows up to the end of the content
 *  4 int   version
 *  8 long  how often the record was written; the slot with more counts
 * 16 int   size of the content
 * 20       content
 * </pre>
 */
public final class SlotFile implements Closeable {
    private static final int VERSION = 1;
    private static final int VERSION_AT = 4;
    private static final int WRITES_AT = 8;
    private static final int BYTES_AT = 16;
    private static final int HEAD_BYTES = 20;
    private static final int SLOTS = 2;

    private final DiskFile file;
    private final int slotBytes;
    private long writes;
    private Optional<Bytes> content = Optional.empty();
    private boolean damaged;

    private SlotFile(DiskFile file, int slotBytes) {
        this.file = file;
        this.slotBytes = slotBytes;
    }

    /**
     * Opens or makes the file.
     *
     * @param slotBytes the size of a slot, of which 20 bytes are not for the content; the same each time
     * @throws IOException if the disk fails; damage is no failure, see {@link #isDamaged}
     */
    public static SlotFile open(Disk disk, Path path, int slotBytes) throws IOException {
        boolean isThere = disk.exists(path);
        DiskFile file = isThere ? disk.open(path) : disk.create(path);
        boolean opened = false;
        try {
            SlotFile slots = new SlotFile(file, slotBytes);
            if (isThere) {
                slots.read();
            }
            file.preallocate((long) SLOTS * slotBytes);
            file.force();
            Path directory = path.getParent();
            if (directory != null) {
                disk.syncDirectory(directory);
            }
            opened = true;
            return slots;
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    /** What was written last; empty if nothing ever was, or nothing of it is intact. */
    public Optional<Bytes> content() {
        return content;
    }

    /** Whether something is there, but no slot is intact. */
    public boolean isDamaged() {
        return damaged;
    }

    /**
     * Replaces the content, durably.
     *
     * @throws IllegalArgumentException if it is larger than a slot
     * @throws IOException if the disk fails; what is there then is the old content or the new one
     */
    public void write(Bytes next) throws IOException {
        if (next.size() > slotBytes - HEAD_BYTES) {
            throw new IllegalArgumentException("a record of " + next.size() + " bytes, above the "
                    + (slotBytes - HEAD_BYTES) + " of a slot");
        }
        ByteBuffer slot = ByteBuffer.allocate(HEAD_BYTES + next.size());
        slot.putInt(0).putInt(VERSION).putLong(writes + 1).putInt(next.size());
        next.copyTo(slot);
        slot.putInt(0, checksum(slot, slot.capacity()));
        for (int i = 0; i < SLOTS; i++) {
            file.write(slot.clear(), (long) i * slotBytes);
            file.force();
        }
        writes++;
        content = Optional.of(next);
        damaged = false;
    }

    private void read() throws IOException {
        boolean isBlank = true;
        for (int i = 0; i < SLOTS; i++) {
            ByteBuffer slot = ByteBuffer.allocate(slotBytes);
            file.read(slot, (long) i * slotBytes);
            slot.clear();
            isBlank &= isZero(slot);
            if (isValid(slot) && slot.getLong(WRITES_AT) > writes) {
                writes = slot.getLong(WRITES_AT);
                content = Optional.of(
                        Bytes.copyOf(slot.slice(HEAD_BYTES, slot.getInt(BYTES_AT))));
            }
        }
        damaged = content.isEmpty() && !isBlank;
    }

    private static boolean isValid(ByteBuffer slot) {
        int bytes = slot.getInt(BYTES_AT);
        return bytes >= 0 && bytes <= slot.capacity() - HEAD_BYTES
                && slot.getInt(VERSION_AT) == VERSION
                && slot.getInt(0) == checksum(slot, HEAD_BYTES + bytes);
    }

    private static boolean isZero(ByteBuffer slot) {
        for (int i = 0; i < slot.capacity(); i++) {
            if (slot.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int checksum(ByteBuffer slot, int end) {
        CRC32C crc = new CRC32C();
        crc.update(slot.slice(VERSION_AT, end - VERSION_AT));
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
