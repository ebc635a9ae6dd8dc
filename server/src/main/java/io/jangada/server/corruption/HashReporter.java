// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.corruption;

import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.CorruptCheck;
import io.jangada.api.etcd.CorruptHash;
import io.jangada.api.etcd.CorruptReport;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.mvcc.CorruptStoreException;
import io.jangada.mvcc.KvHash;
import io.jangada.mvcc.MvccException;
import io.jangada.mvcc.ReadView;
import io.jangada.server.auth.Caller;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers checks: hashes what this member holds, on a reader thread, and says it in the log. What was
 * compacted is hashed when that happens, and kept for the checks to come; that belongs to the server loop.
 */
final class HashReporter {
    /** How many compactions are remembered (etcd: as many). */
    static final int COMPACTIONS_MAX = 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(HashReporter.class);
    private static final int FORMAT = 1;

    private final LocalMember member;
    private final BooleanSupplier isRebuilt;
    private final Deque<CorruptHash> compactions = new ArrayDeque<>();

    HashReporter(LocalMember member, BooleanSupplier isRebuilt) {
        this.member = member;
        this.isRebuilt = isRebuilt;
    }

    /** Apply loop: the store is as it was right after the entry. */
    void asked(long check, CorruptCheck.Subject subject) {
        switch (subject) {
            case STATE -> onReader(view -> report(check, List.of(state(view))));
            case COMPACTIONS -> member.loop()
                    .execute(() -> report(check, List.copyOf(compactions)));
            case UNRECOGNIZED -> {
            }
        }
    }

    /** Apply loop: history before {@code revision} was given up just now. */
    void compacted(long revision) {
        onReader(view -> {
            CorruptHash hash = history(view, revision);
            member.loop().execute(() -> {
                compactions.addLast(hash);
                if (compactions.size() > COMPACTIONS_MAX) {
                    compactions.removeFirst();
                }
            });
        });
    }

    private void onReader(Consumer<ReadView> work) {
        ReadView view = member.store().view();
        boolean taken = false;
        try {
            member.readers().execute(() -> {
                try (view) {
                    work.accept(view);
                }
            });
            taken = true;
        } catch (RejectedExecutionException busy) {
            LOGGER.warn("too many reads wait: this member does not answer a check of hashes");
        } finally {
            if (!taken) {
                view.close();
            }
        }
    }

    /* What cannot be read is not what the others hold: 0 says so. */
    private static CorruptHash state(ReadView view) {
        long hash = 0;
        try {
            hash = view.stateHash();
        } catch (CorruptStoreException damaged) {
            LOGGER.error("state cannot be read revision={}", view.revision(), damaged);
        }
        return hash(view.revision(), view.compactRevision(), hash);
    }

    private static CorruptHash history(ReadView view, long revision) {
        try {
            KvHash hash = view.hashKv(revision);
            return hash(revision, hash.compactRevision(), hash.hash());
        } catch (CorruptStoreException | MvccException damaged) {
            LOGGER.error("history cannot be read revision={}", revision, damaged);
            return hash(revision, view.compactRevision(), -1);
        }
    }

    private static CorruptHash hash(long revision, long compactRevision, long hash) {
        return CorruptHash.newBuilder().setFormat(FORMAT).setRevision(revision)
                .setCompactRevision(compactRevision).setHash(hash).build();
    }

    private void report(long check, List<CorruptHash> hashes) {
        CorruptReport report = CorruptReport.newBuilder().setCheck(check)
                .setMemberID(member.memberId()).addAllHashes(hashes)
                .setRebuilt(isRebuilt.getAsBoolean()).build();
        member.propose(Caller.MEMBER,
                InternalRaftRequest.newBuilder().setCorruptReport(report).build(),
                new LocalMember.Answer() {
                    @Override
                    public void done(MessageLite response, long revision) {}

                    @Override
                    public void failed(EtcdError error) {
                        LOGGER.warn("hashes not reported check={} error=\"{}\"", check, error);
                    }
                });
    }
}
