// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.EntryType;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The format of a record: a header of {@link #HEADER_BYTES}, a body, zeros up to a multiple of 8.
 *
 * <pre>
 *  0 int   checksum of the header, and of whose and where it is; never 0
 *  4 int   checksum of body and zeros, 0 where there is no body
 *  8 int   size of the body, without zeros
 * 12 byte  type of record
 * 13 byte  type of entry; 0 in other records
 * 14 short 0
 * 16 long  group; in a commit record the number of records in the batch
 * 24 long  index; in a hard state the commit index; in a commit record where its batch begins
 * 32 long  term; in a commit record how many sectors of the batch are all zeros
 * 40 long  number of the batch, counted from 1; never 0
 * </pre>
 *
 * <p>The header's checksum covers cluster, member, sequence of the segment and offset in it, which are
 * not stored again: a sector that is stale, or lies in the wrong place or file, does not validate.
 * Keeps a scratch checksum: for one thread.
 */
final class RecordFormat {
    static final int HEADER_BYTES = 48;
    static final int ALIGNMENT = 8;
    static final int SECTOR_BYTES = 512;

    static final byte ENTRY = 1;
    static final byte HARD_STATE = 2;
    static final byte MARK = 3;
    static final byte COMMIT = 4;
    static final byte PADDING = 5;
    static final byte RESET = 6;

    static final int BODY_CRC_AT = 4;
    static final int BODY_BYTES_AT = 8;
    static final int TYPE_AT = 12;
    static final int ENTRY_TYPE_AT = 13;
    static final int GROUP_AT = 16;
    static final int INDEX_AT = 24;
    static final int TERM_AT = 32;
    static final int BATCH_AT = 40;

    private static final int PLACE_AT = 3 * Long.BYTES;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer place = ByteBuffer.allocate(4 * Long.BYTES);

    RecordFormat(WalIdentity identity, long sequence) {
        place.putLong(identity.clusterId()).putLong(identity.memberId()).putLong(sequence);
    }

    static byte code(EntryType type) {
        return switch (type) {
            case NORMAL -> 0;
            case CONF_CHANGE -> 1;
            case CONF_CHANGE_V2 -> 2;
        };
    }

    static Optional<EntryType> entryType(byte code) {
        return switch (code) {
            case 0 -> Optional.of(EntryType.NORMAL);
            case 1 -> Optional.of(EntryType.CONF_CHANGE);
            case 2 -> Optional.of(EntryType.CONF_CHANGE_V2);
            default -> Optional.empty();
        };
    }

    /** The size of a body with the zeros that follow it. */
    static long padded(long bodyBytes) {
        return (bodyBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** The checksum of the header at {@code at}, as it lies at {@code offset} in the file. */
    int headerChecksum(ByteBuffer buffer, int at, long offset) {
        crc.reset();
        crc.update(place.putLong(PLACE_AT, offset).clear());
        return finish(buffer, at + BODY_CRC_AT, at + HEADER_BYTES);
    }

    /** The checksum of a body with its zeros. */
    int bodyChecksum(ByteBuffer buffer, int at, int paddedBytes) {
        if (paddedBytes == 0) {
            return 0;
        }
        crc.reset();
        return finish(buffer, at, at + paddedBytes);
    }

    boolean headerIsValid(ByteBuffer buffer, int at, long offset) {
        return buffer.getLong(at + BATCH_AT) > 0
                && buffer.getInt(at) == headerChecksum(buffer, at, offset);
    }

    /** Moves neither position nor limit of {@code buffer}; 0 is kept for what was never written. */
    private int finish(ByteBuffer buffer, int from, int to) {
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.clear().position(from).limit(to);
        crc.update(buffer);
        buffer.clear().limit(limit).position(position);
        int value = (int) crc.getValue();
        return value == 0 ? 1 : value;
    }

    /**
     * Whether the part of a sector is all zeros.
     *
     * @param at where the part begins in {@code buffer}; parts begin and end at multiples of 8
     */
    static boolean isZero(ByteBuffer buffer, int at, int count) {
        for (int i = 0; i < count; i += Long.BYTES) {
            if (buffer.getLong(at + i) != 0) {
                return false;
            }
        }
        return true;
    }
}
