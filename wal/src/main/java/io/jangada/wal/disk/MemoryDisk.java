// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that fails on demand, for tests and the simulator: the machine crashes at a given
 * operation, and what was not forced is lost sector by sector as a {@link Tear} says; reads, writes and forces
 * fail; the disk fills up; bits flip; sectors are lost, or turn up in the wrong place. The same calls give the same bytes.
 *
 * <p>Writes within one sector of 512 bytes are all or nothing. Names change in the order of the changes:
 * a crash undoes the last of those that {@link #syncDirectory} did not confirm. After a failed force the
 * changed sectors stay readable, but no later force makes them durable, as on Linux.
 *
 * <p>Thread-safe: every method holds the disk's monitor, since the loops of a member in a test may have
 * threads of their own.
 */
public final class MemoryDisk implements Disk {
    /** What a write changes as a whole. */
    public static final int SECTOR_BYTES = 512;

    private final TreeMap<Path, MemoryNode> names = new TreeMap<>();
    private final TreeMap<Path, MemoryNode> durableNames = new TreeMap<>();
    private final List<NameChange> nameChanges = new ArrayList<>();
    private final Set<Path> locked = new TreeSet<>();
    private long capacityBytes = Long.MAX_VALUE;
    private long operations;
    private long crashAt = Long.MAX_VALUE;
    private int generation;
    private boolean crashed;
    private int failingReads;
    private int failingWrites;
    private int failingForces;
    private Runnable beforeForces = () -> {};

    /** One change of names; {@code node} is null where the name goes away. */
    private record NameChange(Path directory, List<Binding> bindings) {}

    private record Binding(Path path, @Nullable MemoryNode node) {}

    /** An empty disk without a bound on its size. */
    public MemoryDisk() {}

    /** How many operations have changed or forced anything, or tried to. */
    public synchronized long operations() {
        return operations;
    }

    /**
     * Crashes the machine during the {@code operation}th operation, counted from 1 as
     * {@link #operations} does: a write is in flight, a force did not return.
     */
    public synchronized void crashAt(long operation) {
        crashAt = operation;
    }

    /** Crashes the machine now: every operation fails until {@link #restart}. */
    public synchronized void crash() {
        crashed = true;
    }

    /** Whether the machine has crashed and not been restarted. */
    public synchronized boolean isCrashed() {
        return crashed;
    }

    /**
     * Starts the machine again, after a crash of now if there was none: files hold what was forced and
     * what {@code tear} lets survive; locks are free; files that were open stay unusable.
     */
    public synchronized void restart(Tear tear) {
        long nth = 0;
        for (MemoryNode node : nodes()) {
            nth = node.crash(tear, nth);
        }
        for (NameChange change : nameChanges) {
            if (!tear.survives(nth)) {
                break;
            }
            nth++;
            apply(change, durableNames);
        }
        nameChanges.clear();
        names.clear();
        names.putAll(durableNames);
        begin();
    }

    /**
     * Starts the process again while the machine runs on: what was written and not forced is still read,
     * and still not durable; locks are free; files that were open stay unusable.
     */
    public synchronized void restartProcess() {
        begin();
    }

    private void begin() {
        locked.clear();
        crashed = false;
        crashAt = Long.MAX_VALUE;
        failingReads = 0;
        failingWrites = 0;
        failingForces = 0;
        generation++;
    }

    /** Fails the next {@code count} reads, of whatever; nothing is lost, and the next ones succeed. */
    public synchronized void failReads(int count) {
        failingReads = count;
    }

    /** Fails the next {@code count} writes, of which about the first half of the sectors is written. */
    public synchronized void failWrites(int count) {
        failingWrites = count;
    }

    /** Fails the next {@code count} forces. */
    public synchronized void failForces(int count) {
        failingForces = count;
    }

    /** Calls {@code before} at the beginning of each force, on the thread that forces: it may take its time. */
    public synchronized void beforeForces(Runnable before) {
        beforeForces = before;
    }

    /** Limits the bytes of all files together; without limit at first. */
    public synchronized void capacityBytes(long bytes) {
        capacityBytes = bytes;
    }

    private synchronized Runnable beforeForces() {
        return beforeForces;
    }

    /** Turns one bit over, durably; bit 0 is the lowest. */
    public synchronized void flipBit(Path path, long offset, int bit) throws IOException {
        node(path).flip(offset, bit);
    }

    /** Fills the sector that holds {@code offset} with zeros, durably. */
    public synchronized void zeroSector(Path path, long offset) throws IOException {
        node(path).zeroSector(offset);
    }

    /**
     * Puts the sector that holds {@code offset} back, durably, to what it held before it last became durable: as if
     * that write had been acknowledged, forced and never carried out. For a file with nothing that is not forced.
     */
    public synchronized void loseLastWrite(Path path, long offset) throws IOException {
        node(path).revert(offset);
    }

    /**
     * As if the last write to the sector that holds {@code offset} had gone to the one that holds {@code wrongOffset}
     * of {@code wrong}: this one has what was meant for that one, which {@link #loseLastWrite} puts back. For files
     * with nothing that is not forced; how large they are stays.
     */
    public synchronized void misdirectLastWrite(Path path, long offset, Path wrong,
            long wrongOffset) throws IOException {
        byte[] content = node(path).sector(offset);
        MemoryNode target = node(wrong);
        node(path).revert(offset);
        target.overwrite(wrongOffset, content);
    }

    /**
     * Makes the sector that holds {@code offset} unreadable, for good: until all of it is written over, each read
     * of any of it fails, and so does each write of a part, for which a system reads the rest. A copy of the disk
     * has it too.
     */
    public synchronized void breakSector(Path path, long offset) throws IOException {
        node(path).breakSector(offset);
    }

    /** A disk with the same files, all of them durable, and no failures to come but those of broken sectors. */
    public synchronized MemoryDisk copy() {
        return of(names, MemoryNode::copy);
    }

    /** A disk with what a crash now would leave at the least: what was forced, and nothing else. */
    public synchronized MemoryDisk afterCrash() {
        return of(durableNames, MemoryNode::afterCrash);
    }

    private static MemoryDisk of(Map<Path, MemoryNode> files, UnaryOperator<MemoryNode> made) {
        MemoryDisk disk = new MemoryDisk();
        files.forEach((path, file) -> {
            MemoryNode node = made.apply(file);
            disk.names.put(path, node);
            disk.durableNames.put(path, node);
        });
        return disk;
    }

    @Override
    public void createDirectories(Path directory) {}

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        checkUp();
        List<String> found = new ArrayList<>();
        for (Path path : names.keySet()) {
            if (directory.equals(path.getParent())) {
                found.add(String.valueOf(path.getFileName()));
            }
        }
        found.sort(null);
        return List.copyOf(found);
    }

    @Override
    public synchronized boolean exists(Path path) throws IOException {
        checkUp();
        return names.containsKey(path);
    }

    @Override
    public synchronized DiskFile create(Path path) throws IOException {
        checkUp();
        if (names.containsKey(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        MemoryNode node = new MemoryNode();
        change(new NameChange(parent(path), List.of(new Binding(path, node))));
        return new Handle(path, node, generation);
    }

    @Override
    public synchronized DiskFile open(Path path) throws IOException {
        checkUp();
        return new Handle(path, node(path), generation);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        checkUp();
        if (!parent(from).equals(parent(to))) {
            throw new IllegalArgumentException("rename across directories: " + from + ", " + to);
        }
        MemoryNode node = node(from);
        change(new NameChange(parent(from),
                List.of(new Binding(from, null), new Binding(to, node))));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        checkUp();
        if (names.containsKey(path)) {
            change(new NameChange(parent(path), List.of(new Binding(path, null))));
        }
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        checkUp();
        countOperation();
        nameChanges.removeIf(change -> {
            boolean here = change.directory().equals(directory);
            if (here) {
                apply(change, durableNames);
            }
            return here;
        });
    }

    @Override
    public synchronized DirectoryLock lock(Path directory) throws IOException {
        checkUp();
        if (!locked.add(directory)) {
            throw new DirectoryLockedException(directory);
        }
        return new Lock(directory, generation);
    }

    @Override
    public synchronized long freeBytes(Path directory) {
        return Math.max(0, capacityBytes - usedBytes());
    }

    private long usedBytes() {
        long used = 0;
        for (MemoryNode node : names.values()) {
            used += node.bytes();
        }
        return used;
    }

    private List<MemoryNode> nodes() {
        List<MemoryNode> nodes = new ArrayList<>();
        for (MemoryNode node : names.values()) {
            nodes.add(node);
        }
        for (MemoryNode node : durableNames.values()) {
            if (!nodes.contains(node)) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    private MemoryNode node(Path path) throws NoSuchFileException {
        MemoryNode node = names.get(path);
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no directory in " + path);
        }
        return parent;
    }

    private void change(NameChange change) throws IOException {
        apply(change, names);
        nameChanges.add(change);
        countOperation();
    }

    private static void apply(NameChange change, Map<Path, MemoryNode> target) {
        for (Binding binding : change.bindings()) {
            if (binding.node() == null) {
                target.remove(binding.path());
            } else {
                target.put(binding.path(), binding.node());
            }
        }
    }

    private void checkUp() throws DiskCrashedException {
        if (crashed) {
            throw new DiskCrashedException();
        }
    }

    /** Throws where the machine is to crash: after the effect on what is visible, before durability. */
    private void countOperation() throws DiskCrashedException {
        operations++;
        if (operations >= crashAt) {
            crashed = true;
            throw new DiskCrashedException();
        }
    }

    private final class Lock implements DirectoryLock {
        private final Path directory;
        private final int openedIn;

        Lock(Path directory, int openedIn) {
            this.directory = directory;
            this.openedIn = openedIn;
        }

        @Override
        public void close() {
            synchronized (MemoryDisk.this) {
                if (openedIn == generation) {
                    locked.remove(directory);
                }
            }
        }
    }

    private final class Handle implements DiskFile {
        private final Path path;
        private final MemoryNode node;
        private final int openedIn;
        private boolean closed;

        Handle(Path path, MemoryNode node, int openedIn) {
            this.path = path;
            this.node = node;
            this.openedIn = openedIn;
        }

        @Override
        public long bytes() throws IOException {
            synchronized (MemoryDisk.this) {
                checkOpen();
                return node.bytes();
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (MemoryDisk.this) {
                checkOpen();
                if (failingReads > 0) {
                    failingReads--;
                    throw new IOException("read failed: " + path);
                }
                checkSectors(node.isReadable(position, target.remaining()), "read", position);
                return node.read(target, position);
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (MemoryDisk.this) {
                checkOpen();
                reserve(position + source.remaining());
                checkSectors(node.isWritable(position, source.remaining()), "write", position);
                if (failingWrites > 0) {
                    failingWrites--;
                    source.limit(source.position() + halfToSector(source.remaining(), position));
                    node.write(source, position);
                    countOperation();
                    throw new IOException("write failed: " + path);
                }
                node.write(source, position);
                countOperation();
            }
        }

        @Override
        public void preallocate(long bytes) throws IOException {
            synchronized (MemoryDisk.this) {
                checkOpen();
                reserve(bytes);
                node.grow(bytes);
                countOperation();
            }
        }

        @Override
        public void force() throws IOException {
            beforeForces().run();
            synchronized (MemoryDisk.this) {
                checkOpen();
                countOperation();
                if (failingForces > 0) {
                    failingForces--;
                    node.forget();
                    throw new IOException("force failed: " + path);
                }
                node.force();
            }
        }

        @Override
        public void close() {
            closed = true;
        }

        /** About half of the bytes, ending where a sector does. */
        private static int halfToSector(int count, long position) {
            long end = (position + count / 2) / SECTOR_BYTES * SECTOR_BYTES;
            return (int) Math.max(0, end - position);
        }

        private void checkSectors(boolean good, String attempt, long position)
                throws IOException {
            if (!good) {
                throw new IOException(attempt + " failed: " + path + " from byte " + position
                        + " on has a sector that cannot be read");
            }
        }

        private void reserve(long end) throws DiskFullException {
            if (end > node.bytes() && usedBytes() - node.bytes() + end > capacityBytes) {
                throw new DiskFullException("write to " + path + ": the disk is full");
            }
        }

        private void checkOpen() throws IOException {
            checkUp();
            if (closed || openedIn != generation) {
                throw new IOException("closed: " + path);
            }
        }
    }
}
