// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.DiskFullException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Allocates the next segment's file ahead of its use, under a temporary name, so that the log does not
 * wait for it. Belongs to the log's thread; only the allocation itself runs in the background, and its
 * result comes back through a future.
 */
final class SegmentPreparer {
    static final String TEMPORARY = "next.tmp";

    private final Disk disk;
    private final Path directory;
    private final Path path;
    private final long segmentBytes;
    private final Executor background;
    private @Nullable CompletableFuture<DiskFile> prepared;

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

    /** Begins to allocate, if that has not begun. */
    void prepare() {
        if (prepared == null) {
            prepared = CompletableFuture.supplyAsync(() -> {
                try {
                    return allocate(segmentBytes);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, background);
        }
    }

    /** Whether the last try found the disk full; asking begins another one. */
    boolean isFull() {
        CompletableFuture<DiskFile> tried = prepared;
        if (tried == null || !tried.isCompletedExceptionally()) {
            return false;
        }
        boolean full = tried.exceptionNow() instanceof UncheckedIOException failed
                && failed.getCause() instanceof DiskFullException;
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

    /** Deletes what was prepared and not used. */
    void discard() throws IOException {
        DiskFile file = takePrepared();
        if (file != null) {
            file.close();
        }
        disk.delete(path);
    }

    /** Null if nothing was prepared, or that failed: nothing of value is in the file, so it is made anew. */
    private @Nullable DiskFile takePrepared() {
        CompletableFuture<DiskFile> waiting = prepared;
        prepared = null;
        if (waiting == null) {
            return null;
        }
        try {
            return waiting.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof UncheckedIOException) {
                return null;
            }
            throw failed;
        }
    }

    private DiskFile allocate(long bytes) throws IOException {
        disk.delete(path);
        DiskFile file = disk.create(path);
        boolean allocated = false;
        try {
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
