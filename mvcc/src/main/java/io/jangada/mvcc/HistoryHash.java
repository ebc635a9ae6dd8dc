// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
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
        if (asked < 0) { // Nothing is that old.
            CRC32C nothing = new CRC32C();
            nothing.update(BUCKET.asReadOnlyByteBuffer());
            return new KvHash(nothing.getValue(), reads.compactRevision(), asked,
                    reads.revision());
        }
        long revision = reads.resolved(asked);
        long keptAt = revision >= 1 && reads.hasKeys(revision)
                ? revision
                : reads.compactRevision();
        CRC32C crc = new CRC32C();
        crc.update(BUCKET.asReadOnlyByteBuffer());
        try (Cursor rows = reads.reader().cursor(Table.HISTORY, ByteString.EMPTY,
                Rows.historyFrom(revision + 1));
                Lookback lookback = new Lookback(reads.reader(), KeyRange.ALL)) {
            for (; rows.isValid(); rows.next()) {
                Version version = Version.decode(rows.value());
                if (version.link().id().main() > reads.compactRevision()
                        || isKept(version, keptAt, reads, lookback)) {
                    crc.update(rows.key().asReadOnlyByteBuffer());
                    crc.update(version.content().asReadOnlyByteBuffer());
                }
            }
        }
        return new KvHash(crc.getValue(), reads.compactRevision(), revision, reads.revision());
    }

    private static boolean isKept(Version version, long keptAt, Reads reads, Lookback lookback) {
        if (!version.isPut()) {
            return false;
        }
        ByteString key = version.keyValue().key();
        return reads.current(key)
                .map(latest -> lookback.find(key, latest.link(), keptAt)
                        .equals(version.link().id()))
                .orElse(false);
    }
}
