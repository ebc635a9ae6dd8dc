// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file under a temporary name that is either given its own or deleted. For one thread. */
final class SnapshotTemporary {
    private final Disk disk;
    private final Path path;
    private DiskFile file;
    private long bytes;
    private boolean ended;

    SnapshotTemporary(Disk disk, Path path) throws IOException {
        this.disk = disk;
        this.path = path;
        disk.delete(path);
        this.file = disk.create(path);
    }

    Path path() {
        return path;
    }

    DiskFile file() {
        return file;
    }

    long bytes() {
        return bytes;
    }

    void append(ByteBuffer source) throws IOException {
        checkOpen();
        int count = source.remaining();
        file.write(source, bytes);
        bytes += count;
    }

    /** Closes the file, which stays under its temporary name until {@link #resume} or {@link #abort}. */
    void suspend() throws IOException {
        checkOpen();
        file.close();
    }

    /** Opens the file again, to go on at {@code position}, which is within what was written. */
    void resume(long position) throws IOException {
        checkOpen();
        file = disk.open(path);
        bytes = position;
    }

    /** Forces the bytes, then the name: a name never stands for bytes that may be lost. */
    void commitAs(Path target) throws IOException {
        checkOpen();
        file.force();
        ended = true;
        file.close();
        disk.rename(path, target);
        disk.syncDirectory(parent(target));
    }

    void abort() throws IOException {
        if (!ended) {
            ended = true;
            file.close();
            disk.delete(path);
        }
    }

    void checkOpen() {
        if (ended) {
            throw new IllegalStateException("already committed or aborted: " + path);
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no directory in " + path);
        }
        return parent;
    }
}
