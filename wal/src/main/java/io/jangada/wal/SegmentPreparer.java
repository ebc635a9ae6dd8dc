// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next segment's file ahead of its use, under a temporary name, so that the log does not wait for it:
 * a segment that is no longer needed is filled with zeros, or a new file is. It is forced in steps, so that the
 * log's own forces never wait for more than one of them. Belongs to the log's thread; only the work on the files
 * runs in the background, one thing after the other, and what it gives comes back through futures.
 */
final class SegmentPreparer {
    static final String TEMPORARY = "next.tmp";
    static final String SPARE = "spare.tmp";
    private static final int STEP_BYTES = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final Path path;
    private final long segmentBytes;
    private final Executor background;
    private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
    /** Held by whoever does some of the work. */
    private final Lock working = new ReentrantLock();
    private @Nullable CompletableFuture<DiskFile> prepared;
    /** What has been removed. */
    private CompletableFuture<@Nullable Void> removed = CompletableFuture.completedFuture(null);
    /** Whether there is a file to reuse. */
    private boolean hasSpare;

    SegmentPreparer(Disk disk, Path directory, long segmentBytes, Executor background) {
        this.disk = disk;
        this.directory = directory;
        this.path = directory.resolve(TEMPORARY);
        this.segmentBytes = segmentBytes;
        this.background = background;
    }

    Path directory() {
        return directory;
    }

    Path path() {
        return path;
    }

    /** Deletes a segment that is no longer needed, durably and before the next one; or keeps the file to reuse it. */
    void remove(Path segment) {
        boolean keeps = !hasSpare;
        hasSpare = true;
        CompletableFuture<@Nullable Void> before = removed;
        removed = begin(() -> {
            if (before.isCompletedExceptionally()) {
                throw new IOException(before.exceptionNow()); // No gap may be left.
            }
            if (keeps) {
                disk.rename(segment, directory.resolve(SPARE));
            } else {
                disk.delete(segment);
            }
            disk.syncDirectory(directory);
            return null;
        });
    }

    /**
     * Throws if a segment could not be removed, as far as that is known by now.
     *
     * @throws IOException why it could not
     */
    void checkRemoved() throws IOException {
        if (removed.isCompletedExceptionally()) {
            throw new IOException("a segment cannot be removed", removed.exceptionNow());
        }
    }

    /** Begins to make the file, if that has not begun. */
    void prepare() {
        if (prepared == null) {
            boolean reuses = hasSpare;
            hasSpare = false;
            prepared = begin(() -> reuses ? reuse() : allocate(segmentBytes));
        }
    }

    private <T extends @Nullable Object> CompletableFuture<T> begin(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        work.add(() -> {
            try {
                result.complete(task.call());
            } catch (Exception e) { // Whatever it is, the log hears of it.
                result.completeExceptionally(e);
            }
        });
        background.execute(this::workOff);
        return result;
    }

    /** Does what has not begun, and waits for what has. Any thread. */
    private void workOff() {
        working.lock();
        try {
            for (Runnable next = work.poll(); next != null; next = work.poll()) {
                next.run();
            }
        } finally {
            working.unlock();
        }
    }

    /** Whether the last try found the disk full; asking begins another one. */
    boolean isFull() {
        CompletableFuture<DiskFile> tried = prepared;
        if (tried == null || !tried.isCompletedExceptionally()) {
            return false;
        }
        boolean full = tried.exceptionNow() instanceof DiskFullException;
        prepared = null;
        prepare();
        return full && !isPrepared();
    }

    private boolean isPrepared() {
        CompletableFuture<DiskFile> tried = prepared;
        return tried != null && tried.isDone() && !tried.isCompletedExceptionally();
    }

    /**
     * A file of zeros of at least {@code bytes}, durable but for its name; allocated now unless it is
     * there.
     *
     * @throws DiskFullException if there is no room; nothing is left behind
     */
    DiskFile take(long bytes) throws IOException {
        DiskFile file = takePrepared();
        if (file != null && file.bytes() >= bytes) {
            return file;
        }
        if (file != null) {
            file.close();
        }
        return allocate(Math.max(bytes, segmentBytes));
    }

    /** Waits for what runs, and deletes what was prepared and not used. */
    void discard() throws IOException {
        workOff();
        DiskFile file = takePrepared();
        if (file != null) {
            file.close();
        }
        disk.delete(path);
        disk.delete(directory.resolve(SPARE));
        hasSpare = false;
    }

    /** Null if nothing was prepared, or that failed: nothing of value is in the file, so it is made anew. */
    private @Nullable DiskFile takePrepared() {
        CompletableFuture<DiskFile> waiting = prepared;
        prepared = null;
        workOff();
        return waiting == null || waiting.isCompletedExceptionally() ? null : waiting.join();
    }

    private DiskFile reuse() throws IOException {
        disk.rename(directory.resolve(SPARE), path);
        DiskFile file = disk.open(path);
        boolean filled = false;
        try {
            filled = file.bytes() == segmentBytes;
            if (filled) {
                fillWithZeros(file);
            }
        } finally {
            if (!filled) {
                file.close();
            }
        }
        return filled ? file : allocate(segmentBytes);
    }

    private void fillWithZeros(DiskFile file) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(STEP_BYTES, segmentBytes));
        for (long at = 0; at < segmentBytes; at += zeros.limit()) {
            file.write(zeros.clear().limit((int) Math.min(zeros.capacity(), segmentBytes - at)),
                    at);
            file.force();
        }
    }

    private DiskFile allocate(long bytes) throws IOException {
        disk.delete(path);
        DiskFile file = disk.create(path);
        boolean allocated = false;
        try {
            for (long end = STEP_BYTES; end < bytes; end += STEP_BYTES) {
                file.preallocate(end);
                file.force();
            }
            file.preallocate(bytes);
            file.force();
            allocated = true;
            return file;
        } catch (DiskFullException full) {
            disk.delete(path);
            throw full;
        } finally {
            if (!allocated) {
                file.close();
            }
        }
    }
}
