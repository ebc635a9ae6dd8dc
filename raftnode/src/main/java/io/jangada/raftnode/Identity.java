// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.wal.SlotFile;
import io.jangada.wal.disk.Disk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The {@link MemberRecord} of a data directory. Thread-safe; it is written by the WAL loop.
 */
final class Identity implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Identity.class.getName());
    private static final String FILE = "member";

    private final SlotFile file;
    /** Written under the lock, read by any thread. */
    private volatile MemberRecord record;
    /** Written by the WAL loop, read by any thread. */
    private volatile MemberRecord durable;

    private Identity(SlotFile file, MemberRecord record) {
        this.file = file;
        this.record = record;
        this.durable = record;
    }

    /**
     * Counts one more start, durably. To be called by whoever holds the directory's lock.
     *
     * @param nonce names the start
     * @throws IOException if the disk fails, or the record is another member's
     */
    static Identity open(Disk disk, Path directory, long clusterId, long memberId, long nonce)
            throws IOException {
        Path path = directory.resolve(FILE);
        SlotFile file = SlotFile.open(disk, path, MemberRecord.SLOT_BYTES);
        boolean opened = false;
        try {
            Optional<MemberRecord> found = file.content().flatMap(MemberRecord::decode);
            if (found.isEmpty() && (file.isDamaged() || file.content().isPresent())) {
                LOGGER.log(Level.WARNING, "nothing in {0} can be read; the peers will say whether"
                        + " this member has forgotten something", path);
            }
            MemberRecord before = found.orElse(MemberRecord.blank(clusterId, memberId));
            if (before.clusterId() != clusterId || before.memberId() != memberId) {
                throw new IOException(path + " belongs to member "
                        + Long.toHexString(before.memberId()) + " of cluster "
                        + Long.toHexString(before.clusterId()) + ", not to member "
                        + Long.toHexString(memberId) + " of cluster "
                        + Long.toHexString(clusterId));
            }
            MemberRecord started = before.started(nonce);
            file.write(started.encode());
            opened = true;
            return new Identity(file, started);
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    MemberRecord record() {
        return record;
    }

    /** The record as it is on the disk. */
    MemberRecord durable() {
        return durable;
    }

    /**
     * Changes the record at once, and makes the change durable. Any thread; a lock guards the change, which
     * is rare, and is not held while it is written.
     *
     * @param writer the WAL loop
     * @param then runs on the WAL loop when it is durable
     * @param failed told if the disk fails
     */
    void update(UnaryOperator<MemberRecord> change, Executor writer, Runnable then,
            Consumer<Throwable> failed) {
        MemberRecord next;
        synchronized (this) {
            next = change.apply(record);
            record = next;
            writer.execute(() -> write(next, then, failed));
        }
    }

    private void write(MemberRecord next, Runnable then, Consumer<Throwable> failed) {
        try {
            file.write(next.encode());
        } catch (IOException e) {
            failed.accept(e);
            return;
        }
        durable = next;
        then.run();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
