// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A complete snapshot file, verified when it was found or committed. Immutable. */
public final class SnapshotFile {
    private final Disk disk;
    private final Path path;
    private final SnapshotHeader header;
    private final long bytes;
    private final long contentId;

    SnapshotFile(Disk disk, Path path, SnapshotHeader header, long bytes, long contentId) {
        this.disk = disk;
        this.path = path;
        this.header = header;
        this.bytes = bytes;
        this.contentId = contentId;
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** The group whose state it holds. */
    public long group() {
        return header.group();
    }

    /** The last entry that the state includes. */
    public EntryId id() {
        return header.id();
    }

    /** The membership at that entry. */
    public ConfState confState() {
        return header.confState();
    }

    /** The size of the file in bytes: what is sent to another member. */
    public long bytes() {
        return bytes;
    }

    /** Tells this file from others of the same entry: files with equal ids have equal bytes. */
    public long contentId() {
        return contentId;
    }

    /**
     * A stream of the state, which verifies each chunk before it gives a byte of it out, and the end.
     * For one thread; the caller closes it.
     *
     * @throws IOException if the file cannot be opened; reading throws {@link SnapshotDamagedException}
     */
    public InputStream open() throws IOException {
        return new SnapshotInput(disk.open(path), path);
    }

    /** Opens the raw bytes of the file, for sending; the caller closes it. */
    public Raw raw() throws IOException {
        return new Raw(disk.open(path), header, path);
    }

    @Override
    public String toString() {
        return path + "[" + id() + ", " + bytes + " bytes]";
    }

    /**
     * The raw bytes of a snapshot file, read from one place on, in order, and verified on the way. They
     * stay readable while it is open, even if the store deletes the file meanwhile. For one thread.
     */
    public static final class Raw implements Closeable {
        private final DiskFile file;
        private final SnapshotHeader header;
        private final Path path;
        private SnapshotScan scan;
        private long readTo;

        private Raw(DiskFile file, SnapshotHeader header, Path path) {
            this.file = file;
            this.header = header;
            this.path = path;
            this.scan = new SnapshotScan(path);
        }

        /**
         * Reads from {@code position} on until {@code target} is full or the file ends.
         *
         * @param position where the last read ended; else 0 or the end of a chunk
         * @return how many bytes were read; 0 at the end
         * @throws SnapshotDamagedException if a chunk that ends in what was read is damaged
         */
        public int read(long position, ByteBuffer target) throws IOException {
            ByteBuffer read = target.duplicate();
            int count = file.read(target, position);
            if (position != readTo) {
                scan = position == 0
                        ? new SnapshotScan(path)
                        : SnapshotScan.from(header, path, position);
            }
            readTo = position + count;
            scan.accept(read.limit(read.position() + count));
            return count;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
