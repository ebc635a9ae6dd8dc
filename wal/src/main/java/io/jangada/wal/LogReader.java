// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads all segments of a log and checks them, without writing; then what opening needs of the result.
 * Belongs to the thread that opens the log.
 */
final class LogReader implements Closeable {
    private static final int ZEROS_BYTES = 1 << 16;

    private final Disk disk;
    private final Path directory;
    private final List<Wal.ClosedSegment> closedSegments = new ArrayList<>();
    private Map<Long, Long> activeIndexMax = Map.of();
    private List<WalRecovery.Group> groups = List.of();
    private Wal.@Nullable ActiveSegment active;
    private long nextBatch;
    private long cutBytes;
    private boolean lastBatchIsEmpty;
    private boolean keepsActiveOpen;

    private LogReader(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    static LogReader read(Disk disk, Path directory, WalConfig config, WalIdentity identity)
            throws IOException {
        LogReader reader = new LogReader(disk, directory);
        boolean read = false;
        try {
            reader.readSegments(reader.sequences(), config, identity);
            read = true;
            return reader;
        } finally {
            if (!read) {
                reader.close();
            }
        }
    }

    /** Whether there is no log yet. */
    boolean isEmpty() {
        return active == null;
    }

    List<WalRecovery.Group> groups() {
        return groups;
    }

    List<Wal.ClosedSegment> closedSegments() {
        return closedSegments;
    }

    /** The largest index of each group in the active segment. */
    Map<Long, Long> activeIndexMax() {
        return activeIndexMax;
    }

    Wal.ActiveSegment active() {
        if (active == null) {
            throw new IllegalStateException("no log in " + directory);
        }
        return active;
    }

    long nextBatch() {
        return nextBatch;
    }

    long cutBytes() {
        return cutBytes;
    }

    boolean lastBatchIsEmpty() {
        return lastBatchIsEmpty;
    }

    /** Begins the log with its first segment. */
    void begin(Wal.ActiveSegment first) {
        active = first;
        nextBatch = 2;
        lastBatchIsEmpty = true;
    }

    /**
     * Fills the torn tail with zeros, and forces even if there is none: what was read may have been
     * written but not forced before the process died, and is about to be taken for durable.
     */
    void cut() throws IOException {
        Wal.ActiveSegment segment = active();
        ByteBuffer zeros = ByteBuffer.allocate(ZEROS_BYTES);
        long end = segment.end() + cutBytes;
        for (long at = segment.end(); at < end; at += ZEROS_BYTES) {
            segment.file().write(zeros.clear().limit((int) Math.min(ZEROS_BYTES, end - at)), at);
        }
        segment.file().force();
        disk.syncDirectory(directory);
    }

    /** The active segment's file outlives this. */
    void keepActiveOpen() {
        keepsActiveOpen = true;
    }

    @Override
    public void close() throws IOException {
        if (active != null && !keepsActiveOpen) {
            active.file().close();
        }
    }

    /** The sequences of the segments, in order. */
    private List<Long> sequences() throws IOException {
        List<Long> sequences = new ArrayList<>();
        for (String name : disk.list(directory)) {
            String digits = name.substring(0,
                    Math.max(0, name.length() - SegmentHeader.SUFFIX.length()));
            if (name.endsWith(SegmentHeader.SUFFIX) && digits.matches("[0-9a-f]{16}")) {
                long sequence = HexFormat.fromHexDigitsToLong(digits);
                if (!sequences.isEmpty() && sequence != sequences.getLast() + 1) {
                    throw new WalCorruptException(path(sequences.getLast() + 1), 0,
                            "the file is missing, though " + name + " is there");
                }
                sequences.add(sequence);
            }
        }
        return sequences;
    }

    private void readSegments(List<Long> sequences, WalConfig config, WalIdentity identity)
            throws IOException {
        BatchReplay replay = new BatchReplay();
        for (int i = 0; i < sequences.size(); i++) {
            boolean last = i == sequences.size() - 1;
            long sequence = sequences.get(i);
            Path path = path(sequence);
            DiskFile file = disk.open(path);
            boolean kept = false;
            try {
                SegmentHeader header = SegmentHeader.read(file, path, identity, sequence);
                var scan = new SegmentScan(new SegmentReader(file, path), header,
                        config.recordBytesMax(), replay);
                if (last) {
                    readLast(scan, file, path, header);
                    kept = true;
                } else {
                    scan.readClosed(header(sequences.get(i + 1), identity));
                    closedSegments.add(new Wal.ClosedSegment(path, replay.takeIndexMax()));
                }
            } finally {
                if (!kept) {
                    file.close();
                }
            }
        }
        if (active != null) {
            activeIndexMax = replay.takeIndexMax();
            groups = replay.finish(active.path(), active.end());
        }
    }

    private void readLast(SegmentScan scan, DiskFile file, Path path, SegmentHeader header)
            throws IOException {
        cutBytes = scan.readLast();
        if (scan.nextBatch() == header.firstBatch()) {
            throw new WalCorruptException(path, SegmentHeader.BYTES,
                    "the batch that every segment begins with was expected");
        }
        nextBatch = scan.nextBatch();
        lastBatchIsEmpty = scan.lastIsEmpty();
        active = new Wal.ActiveSegment(header.sequence(), path, file,
                new RecordFormat(header.identity(), header.sequence()), header.fileBytes(),
                scan.end());
    }

    private SegmentHeader header(long sequence, WalIdentity identity) throws IOException {
        Path path = path(sequence);
        try (DiskFile file = disk.open(path)) {
            return SegmentHeader.read(file, path, identity, sequence);
        }
    }

    private Path path(long sequence) {
        return directory.resolve(SegmentHeader.fileName(sequence));
    }
}
