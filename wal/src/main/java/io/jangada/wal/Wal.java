// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import io.jangada.wal.disk.DirectoryLock;
import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.DiskFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The durable log of all groups of a member: entries, hard states and snapshot marks, in segment files
 * that are allocated in advance. Belongs to one thread, the WAL loop.
 *
 * <p>{@link #append} and {@link #mark} buffer; {@link #force} makes all that is buffered durable as one
 * batch, with one write and one force, and only then may anything of it be acknowledged. A batch is
 * recovered as a whole or not at all. It never spans segments, and is written only after the force of the
 * one before returned.
 *
 * <p>Each segment begins with every group's hard state and mark, so that the segments before it are
 * needed for their entries alone, and {@link #purge} deletes them once those are behind the marks.
 *
 * <p>After a failed write or force the log is dead: what it was to make durable has an unknown fate, is
 * never acknowledged and never forced again. The member stops, and recovers from what is on the disk.
 */
public final class Wal implements Closeable {
    private static final String DAMAGED_SUFFIX = ".damaged";

    private final Disk disk;
    private final Path directory;
    private final WalConfig config;
    private final WalIdentity identity;
    private final DirectoryLock lock;
    private final SegmentPreparer preparer;
    private final TreeMap<Long, GroupTail> groups = new TreeMap<>();
    private final ArrayDeque<ClosedSegment> closedSegments = new ArrayDeque<>();
    private final BatchBuffer buffer = new BatchBuffer();
    private final List<GroupTail> touched = new ArrayList<>();
    private @Nullable GroupTail lastGroup;
    private ActiveSegment active;
    private long nextBatch;
    private boolean lastBatchIsEmpty;
    private @Nullable IOException failure;
    private boolean closed;

    /** A segment that is only kept for the entries in it. */
    record ClosedSegment(Path path, Map<Long, Long> indexMax) {}

    /** The segment that is written; {@code end} is where the next batch goes. */
    record ActiveSegment(long sequence, Path path, DiskFile file, RecordFormat format,
            long fileBytes,
            long end) {
        ActiveSegment endingAt(long newEnd) {
            return new ActiveSegment(sequence, path, file, format, fileBytes, newEnd);
        }
    }

    Wal(Disk disk, Path directory, WalConfig config, WalIdentity identity, DirectoryLock lock,
            SegmentPreparer preparer, LogReader found) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.identity = identity;
        this.lock = lock;
        this.preparer = preparer;
        this.active = found.active();
        this.nextBatch = found.nextBatch();
        this.lastBatchIsEmpty = found.lastBatchIsEmpty();
        this.closedSegments.addAll(found.closedSegments());
        for (WalRecovery.Group group : found.groups()) {
            long indexMax = found.activeIndexMax().getOrDefault(group.group(), 0L);
            groups.put(group.group(), new GroupTail(group, indexMax));
        }
    }

    /** As the other {@code open}, with segments allocated by the calling thread. */
    public static WalRecovery open(Disk disk, Path directory, WalConfig config,
            WalIdentity identity)
            throws IOException {
        return open(disk, directory, config, identity, Runnable::run);
    }

    /**
     * Opens the log in {@code directory}, or begins one there. A torn tail is cut; nothing is written
     * before everything has been checked, but for the file that locks the directory.
     *
     * @param background allocates the next segment; may run it in the calling thread
     * @throws io.jangada.wal.disk.DirectoryLockedException if another has the directory
     * @throws WalCorruptException if there is damage where something may have been acknowledged
     * @throws WalIdentityException if the log is another member's
     * @throws WalVersionException if this program cannot read the log's format
     */
    public static WalRecovery open(Disk disk, Path directory, WalConfig config,
            WalIdentity identity,
            Executor background) throws IOException {
        disk.createDirectories(directory);
        DirectoryLock lock = disk.lock(directory);
        boolean opened = false;
        try {
            var preparer = new SegmentPreparer(disk, directory, config.segmentBytes(), background);
            try (LogReader found = LogReader.read(disk, directory, config, identity)) {
                preparer.discard();
                boolean isNew = found.isEmpty();
                if (isNew) {
                    found.begin(
                            newSegment(disk, preparer, directory.resolve(SegmentHeader.fileName(1)),
                                    new SegmentHeader(identity, 1, 0, 1, config.segmentBytes()),
                                    new BatchBuffer()));
                } else {
                    found.cut();
                }
                Wal wal = new Wal(disk, directory, config, identity, lock, preparer, found);
                WalRecovery recovery = new WalRecovery(wal, found.groups(), found.cutBytes(),
                        isNew);
                found.keepActiveOpen();
                opened = true;
                return recovery;
            }
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    /**
     * Sets the segments of a damaged log aside, under their names with {@code .damaged} behind, for whoever
     * wants to look at them; those that were set aside before are deleted. The directory is then one
     * without a log.
     *
     * @return how many segments were set aside
     * @throws io.jangada.wal.disk.DirectoryLockedException if another has the directory
     */
    public static int setAside(Disk disk, Path directory) throws IOException {
        DirectoryLock lock = disk.lock(directory);
        try {
            List<String> names = disk.list(directory);
            for (String name : names) {
                if (name.endsWith(SegmentHeader.SUFFIX + DAMAGED_SUFFIX)) {
                    disk.delete(directory.resolve(name));
                }
            }
            int count = 0;
            for (String name : names) {
                if (name.endsWith(SegmentHeader.SUFFIX)) {
                    disk.rename(directory.resolve(name), directory.resolve(name + DAMAGED_SUFFIX));
                    count++;
                }
            }
            disk.syncDirectory(directory);
            return count;
        } finally {
            lock.close();
        }
    }

    /**
     * Buffers entries and a hard state. The entries replace what the group has from the first one's index
     * on. What exceeds the batch limit is forced in parts, entries before hard state.
     *
     * @param hardState {@link HardState#EMPTY} if it has not changed
     * @throws IllegalArgumentException if the entries are not consecutive, leave a gap or reach behind
     *     the mark, if one is too large, or if the commit index is beyond the log; nothing is buffered
     *     then
     * @throws WalFailedException if the log is dead
     * @throws WalFullException as {@link #force} does; what of the append is not buffered is to be
     *     appended again
     */
    public void append(long group, HardState hardState, List<Entry> entries) throws WalException {
        checkAlive();
        GroupTail tail = group(group);
        check(tail, hardState, entries);
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            reserve(entry.data().size());
            touch(tail);
            buffer.entry(group, entry, active.format());
            tail.appended(entry.index());
        }
        if (!hardState.isEmpty()) {
            reserve(2 * Long.BYTES);
            touch(tail);
            buffer.hardState(group, hardState, tail.nextLastIndex(), active.format());
            tail.hardStateAppended(hardState);
        }
    }

    /**
     * Buffers a mark. If the group's log has the entry that it names, the entries after it stay;
     * otherwise the mark stands for a snapshot that replaces the group's log.
     *
     * @throws IllegalArgumentException if the mark is behind the one before, or its membership is too
     *     large; nothing is buffered then
     * @throws WalFailedException if the log is dead
     * @throws WalFullException as {@link #append} does
     */
    public void mark(long group, SnapshotMark mark) throws WalException {
        checkAlive();
        int bodyBytes = ConfStateCodec.bytes(mark.confState());
        checkRecordBytes(bodyBytes);
        GroupTail tail = group(group);
        tail.checkMark(mark);
        reserve(bodyBytes);
        touch(tail);
        tail.marked(mark);
        buffer.mark(group, mark, active.format());
    }

    /**
     * Buffers that the group begins anew: its mark and its entries are no longer wanted, and the next mark
     * may be behind the one before. Its hard state stays until the next one, which must follow in the same
     * batch, since it may have committed what goes.
     *
     * @throws WalFailedException if the log is dead
     * @throws WalFullException as {@link #append} does
     */
    public void reset(long group) throws WalException {
        checkAlive();
        GroupTail tail = group(group);
        reserve(0);
        touch(tail);
        tail.reset();
        buffer.reset(group, active.format());
    }

    /**
     * Makes all that is buffered durable, with one write and one force; does nothing if nothing is
     * buffered.
     *
     * @throws WalFullException if there is no room for the next segment; nothing was written, all is
     *     still buffered, and this may be called again
     * @throws WalFailedException if a write or a force failed, now or earlier: the log is dead
     */
    public void force() throws WalException {
        checkAlive();
        if (buffer.isEmpty()) {
            return;
        }
        if (active.end() + buffer.sealedBytes() > active.fileBytes()) {
            roll();
        }
        writeBatch();
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).forced();
        }
        touched.clear();
        // Early, since a busy log fills a segment faster than the next one is filled with zeros; but a log that
        // is hardly used has one segment.
        if (active.end() > active.fileBytes() / 16) {
            preparer.prepare();
        }
    }

    /**
     * Whether more than half of the segment is used and there was no room for the next one when that was
     * last tried. Each call tries again, in the background, so that the answer may be an old one.
     */
    public boolean isLow() {
        return active.end() > active.fileBytes() / 2 && preparer.isFull();
    }

    /**
     * Deletes, in the background, the oldest segments as long as every entry in them is one that its group does not need:
     * {@code group} needs none up to {@code index}, but all after its durable mark.
     *
     * @throws WalFailedException if the log is dead, or deleting failed
     */
    public void purge(long group, long index) throws WalException {
        checkAlive();
        group(group).purgeTo(index);
        try {
            while (!closedSegments.isEmpty() && isPurgeable(closedSegments.getFirst())) {
                preparer.remove(closedSegments.removeFirst().path());
            }
            preparer.checkRemoved();
        } catch (IOException e) {
            throw failed("deleting old segments in " + directory, e);
        }
    }

    /**
     * Gives the directory up; closing again does nothing. What is buffered and not forced is dropped. The
     * log ends with an empty batch, if there is room, by which the next start knows that the one before
     * was durable.
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        buffer.clear();
        try {
            if (failure == null) {
                preparer.discard();
                endCleanly();
            }
        } finally {
            try {
                active.file().close();
            } finally {
                lock.close();
            }
        }
    }

    private void endCleanly() throws WalFailedException {
        buffer.padding(active.format());
        boolean hasRoom = active.end() + buffer.sealedBytes() <= active.fileBytes();
        if (!lastBatchIsEmpty && hasRoom) {
            writeBatch();
        }
    }

    private void check(GroupTail tail, HardState hardState, List<Entry> entries) {
        long lastIndexThen = tail.nextLastIndex();
        if (!entries.isEmpty()) {
            tail.checkEntries(entries);
            lastIndexThen = entries.getLast().index();
        }
        for (int i = 0; i < entries.size(); i++) {
            checkRecordBytes(entries.get(i).data().size());
        }
        tail.checkHardState(hardState, lastIndexThen);
    }

    private void checkRecordBytes(int bodyBytes) {
        if (bodyBytes > config.recordBytesMax()) {
            throw new IllegalArgumentException(
                    "a record of " + bodyBytes + " bytes, above the limit of "
                            + config.recordBytesMax());
        }
    }

    /** Forces what is buffered if the next record would take the batch beyond its limit. */
    private void reserve(int bodyBytes) throws WalException {
        long bytes = buffer.sealedBytes() + BatchBuffer.recordBytes(bodyBytes);
        if (bytes > config.batchBytesMax() && !buffer.isEmpty()) {
            force();
        }
    }

    private void touch(GroupTail tail) {
        if (tail.touch()) {
            touched.add(tail);
        }
    }

    private void writeBatch() throws WalFailedException {
        ByteBuffer batch = buffer.seal(active.format(), active.end(), nextBatch);
        long end = active.end() + batch.remaining();
        try {
            active.file().write(batch, active.end());
            active.file().force();
        } catch (IOException e) {
            throw failed("writing to " + active.path() + " at byte " + active.end(), e);
        }
        active = active.endingAt(end);
        nextBatch++;
        lastBatchIsEmpty = false;
        buffer.clear();
    }

    private void roll() throws WalException {
        BatchBuffer checkpoint = new BatchBuffer();
        for (GroupTail tail : groups.values()) {
            if (tail.hasForced()) {
                checkpoint.mark(tail.group(), tail.mark(), active.format());
                checkpoint.hardState(tail.group(), tail.hardState(), tail.lastIndex(),
                        active.format());
            }
        }
        long needed = (long) SegmentHeader.BYTES + checkpoint.sealedBytes() + buffer.sealedBytes();
        long sequence = active.sequence() + 1;
        ActiveSegment next;
        try {
            next = newSegment(disk, preparer, directory.resolve(SegmentHeader.fileName(sequence)),
                    new SegmentHeader(identity, sequence, active.end(), nextBatch,
                            Math.max(needed, config.segmentBytes())),
                    checkpoint);
            active.file().close();
        } catch (DiskFullException e) {
            throw new WalFullException("no room for the next segment in " + directory, e);
        } catch (IOException e) {
            throw failed("beginning a segment in " + directory, e);
        }
        Map<Long, Long> indexMax = new TreeMap<>();
        for (GroupTail tail : groups.values()) {
            indexMax.put(tail.group(), tail.endSegment());
        }
        closedSegments.addLast(new ClosedSegment(active.path(), indexMax));
        active = next;
        nextBatch++;
    }

    /** Makes a segment with its header and first batch durable, and then gives it its name. */
    private static ActiveSegment newSegment(Disk disk, SegmentPreparer preparer, Path path,
            SegmentHeader header, BatchBuffer first) throws IOException {
        RecordFormat format = new RecordFormat(header.identity(), header.sequence());
        DiskFile file = preparer.take(header.fileBytes());
        boolean named = false;
        try {
            ByteBuffer batch = first.seal(format, SegmentHeader.BYTES, header.firstBatch());
            long end = (long) SegmentHeader.BYTES + batch.remaining();
            file.write(header.encode(), 0);
            file.write(batch, SegmentHeader.BYTES);
            file.force();
            disk.rename(preparer.path(), path);
            disk.syncDirectory(preparer.directory());
            named = true;
            return new ActiveSegment(header.sequence(), path, file, format, header.fileBytes(),
                    end);
        } finally {
            if (!named) {
                file.close();
            }
        }
    }

    private boolean isPurgeable(ClosedSegment segment) {
        for (Map.Entry<Long, Long> held : segment.indexMax().entrySet()) {
            if (held.getValue() > group(held.getKey()).purgeIndex()) {
                return false;
            }
        }
        return true;
    }

    private GroupTail group(long group) {
        GroupTail last = lastGroup;
        if (last == null || last.group() != group) {
            last = groups.computeIfAbsent(group, id -> new GroupTail(
                    new WalRecovery.Group(id, HardState.EMPTY, SnapshotMark.NONE, List.of()), 0));
            lastGroup = last;
        }
        return last;
    }

    private void checkAlive() throws WalFailedException {
        if (failure != null) {
            throw new WalFailedException("the log in " + directory + " failed earlier", failure);
        }
        if (closed) {
            throw new IllegalStateException("the log in " + directory + " is closed");
        }
    }

    private WalFailedException failed(String attempt, IOException cause) {
        failure = cause;
        return new WalFailedException(attempt + " failed: " + cause.getMessage()
                + "; the member must stop and recover from its disk", cause);
    }
}
