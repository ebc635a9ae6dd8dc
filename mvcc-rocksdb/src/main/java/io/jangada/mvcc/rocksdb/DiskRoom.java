// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Where writers wait while the disk has no room for the database. RocksDB takes no more writes once it could not
 * flush; what it took before stays in its memory, can be read, and is flushed once there is room, which it looks for
 * every few seconds (RocksDB: ErrorHandler, RecoverFromNoSpace). What it did not take it knows nothing of, so that
 * it may be attempted again. While it looks for room it holds up the writers for whom its memory has none, without a word; so a
 * writer asks not to be held up, and only where the disk has room lets RocksDB do it. Thread-safe.
 */
final class DiskRoom {
    private static final Logger LOGGER = System.getLogger(RocksBackend.class.getName());

    /** So many attempts that fail while there is room show that RocksDB does not go on: it does so within a few seconds, or never. */
    static final int ATTEMPTS_WITH_ROOM_MAX = 120;

    private final RoomListener listener;
    private final long retryMillis;
    private final BooleanSupplier isShort;
    private final CountDownLatch closing = new CountDownLatch(1);
    /** Under the lock. */
    private int waiting;

    /** What a writer does, as a whole or not at all. */
    interface Attempt {
        /**
         * Once.
         *
         * @param mayBeHeldUp whether RocksDB may hold this up while its memory is full; if not, it fails as incomplete
         */
        void run(boolean mayBeHeldUp) throws RocksDBException;
    }

    /**
     * A disk with room.
     *
     * @param retryMillis until a writer attempts again
     * @param isShort whether the disk has less room than what RocksDB has to flush may take
     */
    DiskRoom(RoomListener listener, long retryMillis, BooleanSupplier isShort) {
        this.listener = listener;
        this.retryMillis = retryMillis;
        this.isShort = isShort;
    }

    /**
     * Does what {@code attempt} does, as soon as there is room for it. Blocks.
     *
     * @throws RocksDBException if it fails for another reason; fails on although the disk has room; or still has none
     *     when the database is closed, or the thread interrupted
     */
    void await(Attempt attempt) throws RocksDBException {
        boolean waits = false;
        boolean mayBeHeldUp = false;
        int attemptsWithRoom = 0;
        try {
            while (true) {
                try {
                    attempt.run(mayBeHeldUp);
                    return;
                } catch (RocksDBException failed) {
                    if (isIncomplete(failed) && !isShort.getAsBoolean()) {
                        mayBeHeldUp = true;
                        continue;
                    }
                    if (!isIncomplete(failed) && !isNoSpace(failed)) {
                        throw failed;
                    }
                    mayBeHeldUp = false;
                    if (!waits) {
                        waits = true;
                        begin(failed);
                    }
                    attemptsWithRoom = isShort.getAsBoolean() ? 0 : attemptsWithRoom + 1;
                    if (attemptsWithRoom > ATTEMPTS_WITH_ROOM_MAX
                            || isClosedWithin(retryMillis)) {
                        throw failed;
                    }
                }
            }
        } finally {
            if (waits) {
                end();
            }
        }
    }

    private synchronized void begin(RocksDBException noRoom) {
        waiting++;
        if (waiting == 1) {
            LOGGER.log(Level.WARNING,
                    "no room for the state on the disk, nothing is applied until there is: "
                            + noRoom.getMessage());
            listener.full(true);
        }
    }

    private synchronized void end() {
        waiting--;
        if (waiting == 0) {
            LOGGER.log(Level.INFO, "writers of the state wait for room no more");
            listener.full(false);
        }
    }

    private boolean isClosedWithin(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Lets go of who waits. */
    void close() {
        closing.countDown();
    }

    private static boolean isIncomplete(RocksDBException failed) {
        Status status = failed.getStatus();
        return status != null && status.getCode() == Status.Code.Incomplete;
    }

    private static boolean isNoSpace(RocksDBException failed) {
        Status status = failed.getStatus();
        return status != null && status.getCode() == Status.Code.IOError
                && status.getSubCode() == Status.SubCode.NoSpace;
    }
}
