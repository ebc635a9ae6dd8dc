// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;

/**
 * How keys of the tables are written. Pure functions.
 *
 * <ul>
 * <li>HISTORY: etcd's own form, big-endian main, '_', big-endian sub, and 't' for a tombstone.
 * <li>INDEX: the key, escaped and ended so that no key is a prefix of another (0x00 becomes 0x00 0xff,
 * the end is 0x00 0x01), then big-endian main and sub; the value is one byte, the type.
 * <li>LEASE: big-endian id. LEASE_KEYS: the same, then the key.
 * <li>META: 's' and a name for the store's own, 'o' and a name for its owner's.
 * </ul>
 */
final class Rows {
    static final ByteString REVISION = ByteString.copyFromUtf8("srevision");
    static final ByteString COMPACT_REVISION = ByteString.copyFromUtf8("scompactRevision");
    static final ByteString FINISHED_COMPACT_REVISION = ByteString
            .copyFromUtf8("sfinishedCompactRevision");
    static final ByteString RESTORING = ByteString.copyFromUtf8("srestoring");
    static final ByteString FORMAT = ByteString.copyFromUtf8("sformat");

    private static final ByteString OWNER = ByteString.copyFromUtf8("o");
    private static final int HISTORY_KEY_BYTES = 17;
    private static final int MILESTONE_BYTES = Long.BYTES + Integer.BYTES;
    private static final ByteString MILESTONE_PUT = ByteString.copyFrom(new byte[]{1});
    private static final ByteString MILESTONE_TOMBSTONE = ByteString.copyFrom(new byte[]{0});

    private Rows() {}

    static ByteString history(long main, long sub, EventType type) {
        boolean tombstone = type == EventType.DELETE;
        byte[] row = new byte[tombstone ? HISTORY_KEY_BYTES + 1 : HISTORY_KEY_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(row).putLong(main).put((byte) '_').putLong(sub);
        if (tombstone) {
            buffer.put((byte) 't');
        }
        return UnsafeByteOperations.unsafeWrap(row);
    }

    static ByteString historyFrom(long main) {
        return number(main);
    }

    static long historyMain(ByteString row) {
        if (row.size() < HISTORY_KEY_BYTES) {
            throw new CorruptStoreException("history key of " + row.size() + " bytes");
        }
        return number(row);
    }

    static EventType historyType(ByteString row) {
        return row.size() == HISTORY_KEY_BYTES ? EventType.PUT : EventType.DELETE;
    }

    /** The part of an index row that stands for {@code key}. */
    static ByteString indexOf(ByteString key) {
        int zeros = 0;
        for (int i = 0; i < key.size(); i++) {
            zeros += key.byteAt(i) == 0 ? 1 : 0;
        }
        byte[] row = new byte[key.size() + zeros + 2];
        int at = 0;
        for (int i = 0; i < key.size(); i++) {
            row[at++] = key.byteAt(i);
            if (key.byteAt(i) == 0) {
                row[at++] = (byte) 0xff;
            }
        }
        row[at + 1] = 1;
        return UnsafeByteOperations.unsafeWrap(row);
    }

    /** The index row of the change of a key at (main, sub), given its {@link #indexOf}. */
    static ByteString milestone(ByteString indexOfKey, long main, long sub) {
        byte[] row = new byte[indexOfKey.size() + MILESTONE_BYTES];
        indexOfKey.copyTo(row, 0);
        ByteBuffer.wrap(row, indexOfKey.size(), MILESTONE_BYTES).putLong(main)
                .putInt(Math.toIntExact(sub));
        return UnsafeByteOperations.unsafeWrap(row);
    }

    /** The value of an index row. */
    static ByteString milestoneValue(EventType type) {
        return type == EventType.PUT ? MILESTONE_PUT : MILESTONE_TOMBSTONE;
    }

    /**
     * The change that an index row names.
     *
     * @throws CorruptStoreException if it names none
     */
    static ChangeId milestoneId(ByteString row, ByteString value) {
        EventType type = value.equals(MILESTONE_PUT) ? EventType.PUT : EventType.DELETE;
        if (type == EventType.DELETE && !value.equals(MILESTONE_TOMBSTONE)) {
            throw new CorruptStoreException("index value of " + value.size() + " bytes");
        }
        int at = row.size() - MILESTONE_BYTES;
        long sub = row.substring(at + Long.BYTES).asReadOnlyByteBuffer().getInt();
        return new ChangeId(number(row.substring(at)), sub, type);
    }

    /** The first row after all of a key, given its {@link #indexOf}. */
    static ByteString indexAfter(ByteString indexOfKey) {
        return indexOfKey.substring(0, indexOfKey.size() - 1)
                .concat(ByteString.copyFrom(new byte[]{2}));
    }

    /** The lower bound in the index of keys at or after {@code key}. */
    static ByteString indexBound(ByteString key) {
        ByteString exact = indexOf(key);
        return exact.substring(0, exact.size() - 2);
    }

    /** The {@link #indexOf} part of an index row. */
    static ByteString indexedKey(ByteString row) {
        return row.substring(0, Math.max(0, row.size() - MILESTONE_BYTES));
    }

    static ByteString leaseKey(long lease, ByteString key) {
        return number(lease).concat(key);
    }

    static ByteString keyOfLeaseKey(ByteString row) {
        return row.substring(Long.BYTES);
    }

    static ByteString ownerMeta(ByteString name) {
        return OWNER.concat(name);
    }

    static ByteString ownerName(ByteString row) {
        return row.substring(OWNER.size());
    }

    static ByteString number(long number) {
        byte[] row = new byte[Long.BYTES];
        ByteBuffer.wrap(row).putLong(number);
        return UnsafeByteOperations.unsafeWrap(row);
    }

    static long number(ByteString row) {
        if (row.size() < Long.BYTES) {
            throw new CorruptStoreException("number of " + row.size() + " bytes");
        }
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = (number << 8) | (row.byteAt(i) & 0xff);
        }
        return number;
    }
}
