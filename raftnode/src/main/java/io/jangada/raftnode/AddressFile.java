// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Where the addresses of a group's members are kept over a restart, since the changes that brought them
 * are cut from the log: {@link MemberAddresses} and a CRC-32C. They are hints: a file that is lost or
 * damaged costs no more than what the configuration says anyhow. Thread-safe: one lock, held while it
 * writes; for threads that may block.
 */
final class AddressFile {
    private static final Logger LOGGER = System.getLogger(AddressFile.class.getName());
    private static final long BYTES_MAX = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final Path path;

    /** The file of {@code group} in {@code directory}, which need not be there. */
    AddressFile(Disk disk, Path directory, long group) {
        this.disk = disk;
        this.directory = directory;
        path = directory.resolve(Long.toHexString(group) + ".peers");
    }

    /** What was written last; nothing if that cannot be read. */
    synchronized List<Member> read() {
        try {
            if (!disk.exists(path)) {
                return List.of();
            }
            try (DiskFile file = disk.open(path)) {
                return read(file);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "addresses not read: " + path, e);
            return List.of();
        }
    }

    private List<Member> read(DiskFile file) throws IOException {
        long bytes = file.bytes();
        if (bytes < Integer.BYTES || bytes > BYTES_MAX) {
            return damaged();
        }
        ByteBuffer all = ByteBuffer.allocate((int) bytes);
        file.read(all, 0);
        all.flip();
        ByteBuffer content = all.slice(0, all.limit() - Integer.BYTES);
        return all.getInt(content.limit()) == checksum(content)
                ? MemberAddresses.decode(Bytes.copyOf(content))
                : damaged();
    }

    private List<Member> damaged() {
        LOGGER.log(Level.WARNING, "addresses damaged, not used: {0}", path);
        return List.of();
    }

    /** Replaces everything by what {@code addresses} are now, durably. */
    synchronized void write(Supplier<Bytes> addresses) {
        Bytes content = addresses.get();
        ByteBuffer all = ByteBuffer.allocate(content.size() + Integer.BYTES);
        content.copyTo(all);
        all.putInt(checksum(content.asByteBuffer())).flip();
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try {
            disk.createDirectories(directory);
            disk.delete(temporary);
            try (DiskFile file = disk.create(temporary)) {
                file.write(all, 0);
                file.force();
            }
            disk.rename(temporary, path);
            disk.syncDirectory(directory);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "addresses not written: " + path, e);
        }
    }

    private static int checksum(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }
}
