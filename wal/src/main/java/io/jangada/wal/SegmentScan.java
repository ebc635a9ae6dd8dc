// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Reads the batches of one segment, and tells a torn tail from damage. For one thread.
 *
 * <p>A batch counts when its commit record and all records before it validate. Something else where a
 * batch was expected is one of three things:
 *
 * <ol>
 * <li>Something of a later batch is in the segment, or a later segment is there. A batch is written only
 * after the force of the one before returned, so this one may have been acknowledged: damage.
 * <li>It is in the last batch. A crash during its write leaves each sector as written or as it was, which
 * is all zeros, since segments are allocated with zeros and cut tails are zeroed. So if a sector under
 * the record that does not validate is all zeros, or if the batch has more such sectors than its commit
 * record counted, the write was torn: it was never acknowledged, and may be cut.
 * <li>Otherwise every sector was written and one has changed since: damage.
 * </ol>
 *
 * <p>What this cannot tell from a torn write is a sector of the very last batch that the disk turned into
 * zeros after the force. A clean stop writes an empty batch over more than a sector, where the segment has
 * room for it, so that only a crash leaves that window.
 */
final class SegmentScan {
    private final SegmentReader reader;
    private final RecordFormat format;
    private final int recordBytesMax;
    private final BatchReplay replay;
    private long lastBatchStart = SegmentHeader.BYTES;
    private long at;
    private long nextBatch;
    private boolean lastIsEmpty;

    SegmentScan(SegmentReader reader, SegmentHeader header, int recordBytesMax,
            BatchReplay replay) {
        this.reader = reader;
        this.format = new RecordFormat(header.identity(), header.sequence());
        this.recordBytesMax = recordBytesMax;
        this.replay = replay;
        this.at = SegmentHeader.BYTES;
        this.nextBatch = header.firstBatch();
    }

    /** Where the last batch ends. */
    long end() {
        return at;
    }

    /** Where the last batch begins. */
    long lastBatchStart() {
        return lastBatchStart;
    }

    long nextBatch() {
        return nextBatch;
    }

    /** Whether the last batch held nothing but padding. */
    boolean lastIsEmpty() {
        return lastIsEmpty;
    }

    /** Reads a segment that another follows, which says where this one ends. */
    void readClosed(SegmentHeader next) throws IOException {
        while (at < next.previousEnd()) {
            if (readBatch() instanceof Batch.Damaged damaged) {
                throw corrupt(damaged.from(), damaged.found());
            }
        }
        if (at != next.previousEnd() || nextBatch != next.firstBatch()) {
            throw corrupt(at,
                    "the next segment says that this one ends at byte " + next.previousEnd()
                            + " before batch " + next.firstBatch());
        }
    }

    /**
     * Reads the last segment.
     *
     * @return how many bytes after {@link #end} were never acknowledged and are to be cut
     */
    long readLast() throws IOException {
        while (true) {
            switch (readBatch()) {
                case Batch.Complete ignored -> {
                }
                case Batch.Damaged damaged -> {
                    checkTorn(damaged);
                    return reader.contentEnd(at) - at;
                }
            }
        }
    }

    private sealed interface Batch {
        record Complete() implements Batch {}

        /** A record that does not validate lies in [from, to). */
        record Damaged(long from, long to, String found) implements Batch {}
    }

    private Batch readBatch() throws IOException {
        long start = at;
        long records = 0;
        boolean isEmpty = true;
        long position = start;
        while (true) {
            long bodyAt = position + RecordFormat.HEADER_BYTES;
            if (bodyAt > reader.bytes()) {
                return new Batch.Damaged(position, bodyAt, "the file ends within a record");
            }
            int i = reader.load(position, RecordFormat.HEADER_BYTES);
            ByteBuffer window = reader.window();
            if (!format.headerIsValid(window, i, position)) {
                return new Batch.Damaged(position, bodyAt,
                        "a record of batch " + nextBatch + " was expected");
            }
            checkHeader(window, i, position);
            byte type = window.get(i + RecordFormat.TYPE_AT);
            if (type == RecordFormat.COMMIT) {
                checkCommit(window, i, position, start, records);
                replay(start, position);
                replay.endBatch();
                lastBatchStart = start;
                at = bodyAt;
                nextBatch++;
                lastIsEmpty = isEmpty;
                return new Batch.Complete();
            }
            long next = bodyAt + RecordFormat.padded(window.getInt(i + RecordFormat.BODY_BYTES_AT));
            if (!bodyIsValid(position, next)) {
                return new Batch.Damaged(position, next,
                        "the body of a record of batch " + nextBatch
                                + " does not match its checksum");
            }
            isEmpty &= type == RecordFormat.PADDING;
            records++;
            position = next;
        }
    }

    /** A header that validates was written by this program, so what it says must make sense. */
    private void checkHeader(ByteBuffer window, int i, long position) throws WalCorruptException {
        long batch = window.getLong(i + RecordFormat.BATCH_AT);
        int bodyBytes = window.getInt(i + RecordFormat.BODY_BYTES_AT);
        byte type = window.get(i + RecordFormat.TYPE_AT);
        if (batch != nextBatch) {
            throw corrupt(position,
                    "a record of batch " + nextBatch + " was expected, this is of " + batch);
        }
        if (type < RecordFormat.ENTRY || type > RecordFormat.RESET) {
            throw corrupt(position, "a record of unknown type " + type);
        }
        if (bodyBytes < 0 || bodyBytes > recordBytesMax) {
            throw corrupt(position, "a record of " + bodyBytes + " bytes, above the limit of "
                    + recordBytesMax);
        }
        if (position + BatchBuffer.recordBytes(bodyBytes) > reader.bytes()) {
            throw corrupt(position,
                    "a record of " + bodyBytes + " bytes does not fit into the file");
        }
    }

    private void checkCommit(ByteBuffer window, int i, long position, long start, long records)
            throws WalCorruptException {
        if (window.getLong(i + RecordFormat.INDEX_AT) != start
                || window.getLong(i + RecordFormat.GROUP_AT) != records) {
            throw corrupt(position, "the end of batch " + nextBatch + " does not match its "
                    + records + " records from byte " + start + " on");
        }
    }

    private boolean bodyIsValid(long position, long next) throws IOException {
        int i = reader.load(position, (int) (next - position));
        ByteBuffer window = reader.window();
        int bodyBytes = (int) (next - position) - RecordFormat.HEADER_BYTES;
        return window.getInt(i + RecordFormat.BODY_CRC_AT) == format.bodyChecksum(window,
                i + RecordFormat.HEADER_BYTES, bodyBytes);
    }

    private void replay(long start, long commitAt) throws IOException {
        long position = start;
        while (position < commitAt) {
            int i = reader.load(position, RecordFormat.HEADER_BYTES);
            int bodyBytes = reader.window().getInt(i + RecordFormat.BODY_BYTES_AT);
            i = reader.load(position, (int) BatchBuffer.recordBytes(bodyBytes));
            boolean isPadding = reader.window()
                    .get(i + RecordFormat.TYPE_AT) == RecordFormat.PADDING;
            if (!isPadding && !replay.record(reader.window(), i)) {
                throw corrupt(position, "the record's body makes no sense");
            }
            position += BatchBuffer.recordBytes(bodyBytes);
        }
    }

    /** Returns if what is damaged can only be a write that a crash tore. */
    private void checkTorn(Batch.Damaged damaged) throws IOException {
        long start = at;
        long commitAt = -1;
        long scanned = damaged.from();
        while (scanned + RecordFormat.HEADER_BYTES <= reader.bytes()) {
            int i = reader.load(scanned, RecordFormat.HEADER_BYTES);
            ByteBuffer window = reader.window();
            long batch = window.getLong(i + RecordFormat.BATCH_AT);
            if (isPlausible(batch) && format.headerIsValid(window, i, scanned)) {
                if (batch > nextBatch) {
                    throw corrupt(damaged.from(), damaged.found() + ", and batch " + batch
                            + " was written after it, at byte " + scanned);
                }
                if (window.get(i + RecordFormat.TYPE_AT) == RecordFormat.COMMIT) {
                    commitAt = scanned;
                }
            }
            scanned += RecordFormat.ALIGNMENT;
        }
        boolean lost = commitAt < 0
                ? lostWithoutCommit(damaged, start)
                : lostBefore(commitAt, start);
        if (!lost) {
            throw corrupt(damaged.from(),
                    damaged.found() + ", and all of it had been written, so this is no torn write");
        }
    }

    private boolean lostBefore(long commitAt, long start) throws IOException {
        int i = reader.load(commitAt, RecordFormat.HEADER_BYTES);
        long written = reader.window().getLong(i + RecordFormat.TERM_AT);
        return reader.zeroSectors(start, commitAt + RecordFormat.HEADER_BYTES) > written;
    }

    private boolean lostWithoutCommit(Batch.Damaged damaged, long start) throws IOException {
        boolean noRoom = start + RecordFormat.HEADER_BYTES > reader.bytes();
        boolean nothingWritten = damaged.from() == start && beginsWithZeros(start);
        return noRoom || nothingWritten
                || reader.touchesZeroSector(start, damaged.from(), damaged.to());
    }

    private boolean isPlausible(long batch) {
        return batch >= nextBatch
                && batch - nextBatch <= reader.bytes() / RecordFormat.HEADER_BYTES;
    }

    /** Whether the first header's part of its first sector is zeros, which no written header is. */
    private boolean beginsWithZeros(long start) throws IOException {
        int count = (int) Math.min(reader.bytes() - start, RecordFormat.HEADER_BYTES);
        return RecordFormat.isZero(reader.window(), reader.load(start, count), count);
    }

    private WalCorruptException corrupt(long offset, String found) {
        return new WalCorruptException(path(), offset, found);
    }

    private Path path() {
        return reader.path();
    }
}
