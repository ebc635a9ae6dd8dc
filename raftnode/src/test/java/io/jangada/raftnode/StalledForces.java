// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.wal.disk.DirectoryLock;
import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Disks whose forces take virtual time: the WAL loop that forces waits, and all other loops go on meanwhile. They
 * run within the force, and what is for the loop that waits is kept until it has ended.
 */
final class StalledForces implements EventLoops {
    private static final String WAL = "wal-";

    private final VirtualEventLoops loops;
    private final Map<Long, Duration> spans = new HashMap<>();

    StalledForces(VirtualEventLoops loops) {
        this.loops = loops;
    }

    /** From now on each force of the member's log takes {@code span}; zero ends that. */
    void forcesTake(long member, Duration span) {
        spans.put(member, span);
    }

    /** The member's disk. */
    Disk disk(long member, MemoryDisk disk) {
        return new DelayedDisk(member, disk);
    }

    @Override
    public EventLoop loop(String name, Consumer<Throwable> failed) {
        return new WaitingLoop(loops.loop(name, failed));
    }

    /** A WAL loop that has much to write waits for the next segment, which this thread has to make. */
    @Override
    public Executor background() {
        return task -> {
            if (!spans.isEmpty() && loops.current().startsWith(WAL)) {
                task.run();
            } else {
                loops.background().execute(task);
            }
        };
    }

    @Override
    public Clock clock() {
        return loops.clock();
    }

    /** Called within a force. */
    private void stall(long member) {
        Duration span = spans.getOrDefault(member, Duration.ZERO);
        if (!span.isZero() && loops.current().startsWith(WAL)) {
            loops.runFor(span);
        }
    }

    /** Runs no task while one of its tasks waits. */
    private static final class WaitingLoop implements EventLoop {
        private final EventLoop loop;
        private final ArrayDeque<Runnable> kept = new ArrayDeque<>();
        private boolean runs;

        WaitingLoop(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public boolean inLoop() {
            return loop.inLoop();
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(() -> run(task));
        }

        @Override
        public Cancellable schedule(Runnable task, long delayNanos) {
            return loop.schedule(() -> run(task), delayNanos);
        }

        @Override
        public void executeAndWait(Runnable task) {
            loop.executeAndWait(task);
        }

        @Override
        public void close() {
            loop.close();
        }

        private void run(Runnable task) {
            if (runs) {
                kept.add(task);
                return;
            }
            runs = true;
            try {
                task.run();
            } finally {
                runs = false;
                while (!kept.isEmpty()) {
                    execute(kept.remove());
                }
            }
        }
    }

    private final class DelayedDisk implements Disk {
        private final long member;
        private final MemoryDisk disk;

        DelayedDisk(long member, MemoryDisk disk) {
            this.member = member;
            this.disk = disk;
        }

        @Override
        public void createDirectories(Path directory) {
            disk.createDirectories(directory);
        }

        @Override
        public List<String> list(Path directory) throws IOException {
            return disk.list(directory);
        }

        @Override
        public boolean exists(Path path) throws IOException {
            return disk.exists(path);
        }

        @Override
        public DiskFile create(Path path) throws IOException {
            return new DelayedFile(member, disk.create(path));
        }

        @Override
        public DiskFile open(Path path) throws IOException {
            return new DelayedFile(member, disk.open(path));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.delete(path);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            disk.syncDirectory(directory);
        }

        @Override
        public DirectoryLock lock(Path directory) throws IOException {
            return disk.lock(directory);
        }

        @Override
        public long freeBytes(Path directory) {
            return disk.freeBytes(directory);
        }
    }

    private final class DelayedFile implements DiskFile {
        private final long member;
        private final DiskFile file;

        DelayedFile(long member, DiskFile file) {
            this.member = member;
            this.file = file;
        }

        @Override
        public long bytes() throws IOException {
            return file.bytes();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public void preallocate(long bytes) throws IOException {
            file.preallocate(bytes);
        }

        @Override
        public void force() throws IOException {
            stall(member);
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
