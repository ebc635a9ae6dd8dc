// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.RangeOptions.Content;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.util.zip.CRC32C;

/**
 * The hash by which members compare their histories (etcd: HashKV).
 *
 * <p>It covers every revision after the compact revision, and before it those that are the newest of
 * their key at the hashed revision. So it does not depend on how far the deletion of compacted rows
 * has come. If no key is alive at the hashed revision, what compaction keeps counts instead.
 */
final class HistoryHash {
    private static final ByteString BUCKET = ByteString.copyFromUtf8("key");

    private HistoryHash() {}

    static KvHash of(Reads reads, long asked) {
        long revision = reads.resolved(asked);
        long keptAt = hasLiveKeys(reads, revision) ? revision : reads.compactRevision();
        CRC32C crc = new CRC32C();
        crc.update(BUCKET.asReadOnlyByteBuffer());
        try (Cursor rows = reads.reader().cursor(Table.HISTORY, ByteString.EMPTY,
                Rows.historyFrom(revision + 1));
                Cursor index = reads.reader().cursor(Table.INDEX, ByteString.EMPTY,
                        ByteString.EMPTY)) {
            for (; rows.isValid(); rows.next()) {
                ByteString row = rows.key();
                ByteString value = rows.value();
                if (Rows.historyMain(row) > reads.compactRevision()
                        || isKept(row, value, keptAt, index)) {
                    crc.update(row.asReadOnlyByteBuffer());
                    crc.update(value.asReadOnlyByteBuffer());
                }
            }
        }
        return new KvHash(crc.getValue(), reads.compactRevision(), revision, reads.revision());
    }

    private static boolean isKept(ByteString row, ByteString value, long keptAt, Cursor index) {
        if (Rows.historyType(row) == EventType.DELETE) {
            return false;
        }
        ByteString indexed = Rows.indexOf(KeyValue.decode(value).key());
        index.seek(Rows.indexAt(indexed, keptAt));
        return index.isValid() && index.key()
                .equals(Rows.index(indexed, Rows.historyMain(row), Rows.historySub(row)));
    }

    private static boolean hasLiveKeys(Reads reads, long revision) {
        if (revision < Math.max(1, reads.compactRevision())) {
            return false;
        }
        if (reads.revision() == revision) {
            try (Cursor rows = reads.reader().cursor(Table.CURRENT, ByteString.EMPTY,
                    ByteString.EMPTY)) {
                return rows.isValid();
            }
        }
        return reads.range(KeyRange.ALL,
                RangeOptions.LATEST.at(revision).returning(Content.COUNT)).count() > 0;
    }
}
