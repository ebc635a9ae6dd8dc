// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The disk of the machine. Thread-safe: has no state. A force flushes the file's bytes, and of its
 * metadata what is needed to read them (fdatasync).
 */
public final class FileDisk implements Disk {
    private static final String LOCK = "LOCK";

    /** The file system that the JVM sees; each use of a directory is locked by itself. */
    public FileDisk() {}

    @Override
    public void createDirectories(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path parent = absolute.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        Files.createDirectories(absolute);
        if (parent != null) {
            syncDirectory(parent);
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.filter(Files::isRegularFile).map(FileDisk::name).sorted().toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public DiskFile create(Path path) throws IOException {
        return new ChannelFile(path, FileChannel.open(path, StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return new ChannelFile(path,
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return; // Windows opens no directory, and orders its names by itself.
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public DirectoryLock lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock lock = channel.tryLock();
            taken = lock != null;
        } catch (OverlappingFileLockException inThisProcess) {
            taken = false;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        if (!taken) {
            throw new DirectoryLockedException(directory);
        }
        return channel::close;
    }

    @Override
    public long freeBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    private static final class ChannelFile implements DiskFile {
        private static final int ZEROS_BYTES = 1 << 18;

        private final Path path;
        private final FileChannel channel;

        ChannelFile(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        @Override
        public long bytes() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int before = target.remaining();
            long at = position;
            try {
                while (target.hasRemaining()) {
                    int count = channel.read(target, at);
                    if (count < 0) {
                        break;
                    }
                    at += count;
                }
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                throw new IOException(
                        "read of " + path + " at byte " + at + ": " + e.getMessage(), e);
            }
            return before - target.remaining();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            try {
                while (source.hasRemaining()) {
                    at += channel.write(source, at);
                }
            } catch (IOException e) {
                throw typed("write to " + path + " at byte " + at, e);
            }
        }

        @Override
        public void preallocate(long bytes) throws IOException {
            ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
            long at = channel.size();
            while (at < bytes) {
                zeros.clear().limit((int) Math.min(ZEROS_BYTES, bytes - at));
                int count = zeros.limit();
                write(zeros, at);
                at += count;
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        /** The JDK tells a full disk only by the system's text. */
        private static IOException typed(String attempt, IOException e) {
            String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            boolean full = text.contains("no space left") || text.contains("quota")
                    || text.contains("not enough space");
            return full ? new DiskFullException(attempt + ": the disk is full", e) : e;
        }
    }
}
