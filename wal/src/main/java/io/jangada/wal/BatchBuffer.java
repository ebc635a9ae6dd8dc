// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import java.nio.ByteBuffer;

/**
 * The records of the next batch, encoded as they arrive; where they will lie, and with it the checksums
 * of their headers, is known only when the batch is sealed. For one thread; reused.
 */
final class BatchBuffer {
    private static final int BYTES_FIRST = 1 << 16;
    private static final int BYTES_KEPT = 1 << 22;
    private static final int NOT_WRITTEN_YET = 1;
    private static final int BYTES_MAX = Integer.MAX_VALUE - 64;

    private ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES_FIRST);
    private int records;

    boolean isEmpty() {
        return records == 0;
    }

    /** The size of the batch with the record that ends it. */
    int sealedBytes() {
        return buffer.position() + RecordFormat.HEADER_BYTES;
    }

    /** What a record with such a body adds. */
    static long recordBytes(long bodyBytes) {
        return RecordFormat.HEADER_BYTES + RecordFormat.padded(bodyBytes);
    }

    void entry(long group, Entry entry, RecordFormat format) {
        Bytes data = entry.data();
        int at = begin(RecordFormat.ENTRY, group, entry.index(), entry.term(), data.size());
        buffer.put(at + RecordFormat.ENTRY_TYPE_AT, RecordFormat.code(entry.type()));
        data.copyTo(buffer);
        end(at, format);
    }

    /** With {@code lastIndex}, the group's last entry: what the log must hold or have purged. */
    void hardState(long group, HardState state, long lastIndex, RecordFormat format) {
        int at = begin(RecordFormat.HARD_STATE, group, state.commit(), state.term(),
                2 * Long.BYTES);
        buffer.putLong(state.vote()).putLong(lastIndex);
        end(at, format);
    }

    void mark(long group, SnapshotMark mark, RecordFormat format) {
        int at = begin(RecordFormat.MARK, group, mark.index(), mark.id().term(),
                ConfStateCodec.bytes(mark.confState()));
        ConfStateCodec.encode(mark.confState(), buffer);
        end(at, format);
    }

    void reset(long group, RecordFormat format) {
        end(begin(RecordFormat.RESET, group, 0, 0, 0), format);
    }

    /** Nothing, over more than a sector, so that the batch's end is not in the sector of its start. */
    void padding(RecordFormat format) {
        int at = begin(RecordFormat.PADDING, 0, 0, 0, RecordFormat.SECTOR_BYTES);
        for (int i = 0; i < RecordFormat.SECTOR_BYTES; i += Long.BYTES) {
            buffer.putLong(0);
        }
        end(at, format);
    }

    /** Ends the batch, which will lie at {@code offset}, and returns it ready to be written. */
    ByteBuffer seal(RecordFormat format, long offset, long batch) {
        int end = buffer.position();
        int at = 0;
        while (at < end) {
            int bodyBytes = buffer.getInt(at + RecordFormat.BODY_BYTES_AT);
            stamp(format, at, offset, batch);
            at += RecordFormat.HEADER_BYTES + (int) RecordFormat.padded(bodyBytes);
        }
        begin(RecordFormat.COMMIT, records, offset, 0, 0);
        records--;
        buffer.putLong(end + RecordFormat.BATCH_AT, batch);
        buffer.putInt(end, NOT_WRITTEN_YET);
        buffer.putLong(end + RecordFormat.TERM_AT, zeroSectors(buffer.position(), offset));
        stamp(format, end, offset, batch);
        return buffer.flip();
    }

    void clear() {
        records = 0;
        if (buffer.capacity() > BYTES_KEPT) {
            buffer = ByteBuffer.allocateDirect(BYTES_FIRST);
        }
        buffer.clear();
    }

    private void stamp(RecordFormat format, int at, long offset, long batch) {
        buffer.putLong(at + RecordFormat.BATCH_AT, batch);
        buffer.putInt(at, format.headerChecksum(buffer, at, offset + at));
    }

    private int zeroSectors(int end, long offset) {
        int zeroSectors = 0;
        int at = 0;
        while (at < end) {
            int inSector = (int) ((offset + at) % RecordFormat.SECTOR_BYTES);
            int count = Math.min(end - at, RecordFormat.SECTOR_BYTES - inSector);
            if (RecordFormat.isZero(buffer, at, count)) {
                zeroSectors++;
            }
            at += count;
        }
        return zeroSectors;
    }

    private int begin(byte type, long group, long index, long term, int bodyBytes) {
        reserve(RecordFormat.HEADER_BYTES + (int) RecordFormat.padded(bodyBytes));
        int at = buffer.position();
        buffer.putInt(0).putInt(0).putInt(bodyBytes).put(type).put((byte) 0).putShort((short) 0);
        buffer.putLong(group).putLong(index).putLong(term).putLong(0);
        records++;
        return at;
    }

    private void end(int at, RecordFormat format) {
        int body = at + RecordFormat.HEADER_BYTES;
        while (buffer.position() % RecordFormat.ALIGNMENT != 0) {
            buffer.put((byte) 0);
        }
        buffer.putInt(at + RecordFormat.BODY_CRC_AT,
                format.bodyChecksum(buffer, body, buffer.position() - body));
    }

    private void reserve(int count) {
        if (buffer.remaining() >= count) {
            return;
        }
        long wanted = Math.max((long) buffer.position() + count, 2L * buffer.capacity());
        ByteBuffer larger = ByteBuffer.allocateDirect(
                (int) Math.min(wanted, BYTES_MAX));
        buffer = larger.put(buffer.flip());
    }
}
