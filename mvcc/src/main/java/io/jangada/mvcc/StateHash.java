// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.util.zip.CRC32C;

/**
 * A hash of all that members must have alike after the same entry: the history as {@link HistoryHash}
 * sees it, the latest key-values, which reads are served from, and the leases with their keys.
 *
 * <p>What depends on how far the deletion of compacted rows has come is left out: tombstones, and the
 * links between versions. So are the rows that the store's owner remembers.
 */
final class StateHash {
    private StateHash() {}

    /** The hash of the history in the upper 32 bits, that of the rest in the lower ones. */
    static long of(Reads reads) {
        CRC32C crc = new CRC32C();
        try (Cursor rows = reads.reader().cursor(Table.CURRENT, ByteString.EMPTY,
                ByteString.EMPTY)) {
            for (; rows.isValid(); rows.next()) {
                Version version = Version.decode(rows.value());
                if (version.isPut()) {
                    crc.update(rows.key().asReadOnlyByteBuffer());
                    crc.update(version.content().asReadOnlyByteBuffer());
                }
            }
        }
        addRows(reads, Table.LEASE, crc);
        addRows(reads, Table.LEASE_KEYS, crc);
        return HistoryHash.of(reads, 0).hash() << Integer.SIZE | crc.getValue();
    }

    private static void addRows(Reads reads, Table table, CRC32C crc) {
        try (Cursor rows = reads.reader().cursor(table, ByteString.EMPTY, ByteString.EMPTY)) {
            for (; rows.isValid(); rows.next()) {
                crc.update(rows.key().asReadOnlyByteBuffer());
                crc.update(rows.value().asReadOnlyByteBuffer());
            }
        }
    }
}
