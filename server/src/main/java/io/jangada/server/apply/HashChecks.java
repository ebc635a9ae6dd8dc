// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jangada.api.etcd.CorruptCheck;
import io.jangada.api.etcd.CorruptReport;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.mvcc.CorruptStoreException;
import io.jangada.mvcc.ReadView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The last checks of what members hold, and what members reported, as the store remembers them. A check
 * is named by the index of its entry, which every member knows without being told. Stateless.
 */
public final class HashChecks {
    /** How many checks are remembered; the oldest gives way, and reports for it are refused. */
    static final int CHECKS_MAX = 8;
    /** How many hashes a report may have. */
    static final int HASHES_MAX = 16;

    private static final ByteString CHECK = ByteString.copyFromUtf8("corrupt-check/");
    private static final ByteString REPORT = ByteString.copyFromUtf8("corrupt-report/");

    private HashChecks() {}

    static void begin(ApplyBatch batch, long index, CorruptCheck check) {
        batch.putMeta(name(CHECK, index), check.toByteString());
        NavigableMap<ByteString, ByteString> all = batch.metaByPrefix(CHECK);
        for (int surplus = all.size() - CHECKS_MAX; surplus > 0; surplus--) {
            ByteString oldest = all.firstKey();
            ByteString id = oldest.substring(CHECK.size());
            batch.deleteMeta(oldest);
            batch.metaByPrefix(REPORT.concat(id)).keySet().forEach(batch::deleteMeta);
            all = batch.metaByPrefix(CHECK);
        }
    }

    /** The check that {@code report} is for; empty if it is not remembered any more. */
    static Optional<CorruptCheck> check(ApplyBatch batch, CorruptReport report) {
        return batch.meta(name(CHECK, report.getCheck())).map(HashChecks::check);
    }

    /** All that was reported for a check, {@code report} included, which replaces what its member said before. */
    static List<CorruptReport> add(ApplyBatch batch, CorruptReport report) {
        ByteString all = name(REPORT, report.getCheck());
        batch.putMeta(name(all, report.getMemberID()), report.toByteString());
        return reports(batch.metaByPrefix(all).values());
    }

    /** All that was reported for the check {@code index} so far. */
    public static List<CorruptReport> reports(ReadView view, long index) {
        return reports(view.metaByPrefix(name(REPORT, index)).values());
    }

    private static List<CorruptReport> reports(Collection<ByteString> stored) {
        List<CorruptReport> reports = new ArrayList<>();
        for (ByteString one : stored) {
            try {
                reports.add(CorruptReport.parseFrom(one));
            } catch (InvalidProtocolBufferException malformed) {
                throw new CorruptStoreException("stored report of hashes", malformed);
            }
        }
        return List.copyOf(reports);
    }

    private static CorruptCheck check(ByteString stored) {
        try {
            return CorruptCheck.parseFrom(stored);
        } catch (InvalidProtocolBufferException malformed) {
            throw new CorruptStoreException("stored check of hashes", malformed);
        }
    }

    private static ByteString name(ByteString prefix, long id) {
        return prefix.concat(ByteString.copyFromUtf8(String.format("%016x", id)));
    }
}
