// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import io.jangada.bbolt.BoltDamagedException;
import io.jangada.bbolt.BoltReader;
import io.jangada.bbolt.BoltVisitor;
import io.jangada.mvcc.HistoryImport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A snapshot file of etcd's or ours: a database, and the SHA-256 of it behind. A database alone, as it is
 * copied from etcd's directory, is one without the SHA-256. Belongs to one thread, which it blocks.
 */
public final class SnapshotFile implements AutoCloseable {
    private static final int DIGEST_BYTES = 32;
    /** Every page size is a multiple of it; so what is over is the SHA-256. */
    private static final int UNIT_BYTES = 512;
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path path;
    private final FileChannel file;
    private final long bytes;
    private final boolean hasDigest;

    private SnapshotFile(Path path, FileChannel file, long bytes, boolean hasDigest) {
        this.path = path;
        this.file = file;
        this.bytes = bytes;
        this.hasDigest = hasDigest;
    }

    /** Opens {@code path}, and reads nothing yet. */
    public static SnapshotFile open(Path path) throws IOException {
        FileChannel file = opened(path);
        long size = file.size();
        boolean hasDigest = size % UNIT_BYTES == DIGEST_BYTES;
        return new SnapshotFile(path, file, hasDigest ? size - DIGEST_BYTES : size, hasDigest);
    }

    private static FileChannel opened(Path path) throws IOException {
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException missing) {
            throw new SnapshotRefusedException("there is no file " + path, missing);
        }
    }

    /** A new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /**
     * Compares all bytes with the SHA-256 behind them.
     *
     * @throws SnapshotRefusedException if one has changed, or there is no SHA-256
     */
    public void checkDigest() throws IOException {
        if (!hasDigest) {
            throw new SnapshotRefusedException(path + " has no SHA-256 at its end: it was cut, or"
                    + " is a database that was copied");
        }
        MessageDigest digest = sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long at = 0; at < bytes; at += buffer.limit()) {
            read(at, buffer.clear().limit((int) Math.min(BUFFER_BYTES, bytes - at)));
            digest.update(buffer.duplicate());
        }
        ByteBuffer expected = ByteBuffer.allocate(DIGEST_BYTES);
        read(bytes, expected);
        if (!MessageDigest.isEqual(digest.digest(), expected.array())) {
            throw new SnapshotRefusedException(
                    path + " has changed since it was made: its SHA-256 is another one");
        }
    }

    private void read(long from, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (file.read(into, from + into.position()) < 0) {
                throw new SnapshotRefusedException(path + " has become shorter");
            }
        }
        into.flip();
    }

    /**
     * Reads everything.
     *
     * @throws SnapshotRefusedException if it is no sound database
     */
    public SnapshotStatus status() throws IOException {
        StatusVisitor visitor = new StatusVisitor();
        visit(visitor);
        return visitor.status(bytes);
    }

    /**
     * Fills a store with what is in it, but for who the members are, and finishes the import.
     *
     * @throws SnapshotRefusedException if it is no sound database, or not etcd's
     */
    public void restore(HistoryImport into, RevisionBump bump) throws IOException {
        SnapshotImport visitor = new SnapshotImport(into);
        visit(visitor);
        visitor.finish(bump);
    }

    private void visit(BoltVisitor visitor) throws IOException {
        try {
            BoltReader.open(file, bytes).read(visitor);
        } catch (BoltDamagedException damaged) {
            throw new SnapshotRefusedException(
                    path + " is damaged, or no snapshot: " + damaged.getMessage(), damaged);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
