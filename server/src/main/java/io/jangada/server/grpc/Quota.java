// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.Members;
import io.jangada.server.apply.RequestRejected;
import io.jangada.server.auth.Caller;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The size of this member's database, which must not grow without bound. What a request takes is
 * estimated as etcd does it. Once it would be over the quota, the cluster raises an alarm through the
 * log, so that all members refuse alike until an operator lowers it. Thread-safe.
 */
public final class Quota {
    /** What a lease takes. */
    static final long LEASE_BYTES = 64;

    private static final Logger LOGGER = LoggerFactory.getLogger(Quota.class);
    private static final long KEY_VALUE_BYTES = 256;

    private final LocalMember member;
    private final AtomicBoolean raising = new AtomicBoolean();

    /** The quota of {@code member}. */
    public Quota(LocalMember member) {
        this.member = member;
    }

    /** What a put takes: key, value, and what is stored with them. */
    static long bytes(PutRequest put) {
        return KEY_VALUE_BYTES + put.getKey().size() + put.getValue().size();
    }

    /** What a transaction takes on the dearer of its branches, nested ones included. */
    static long bytes(TxnRequest txn) {
        return Math.max(bytes(txn.getSuccessList()), bytes(txn.getFailureList()));
    }

    private static long bytes(List<RequestOp> ops) {
        long bytes = 0;
        for (RequestOp op : ops) {
            if (op.hasRequestPut()) {
                bytes += bytes(op.getRequestPut());
            } else if (op.hasRequestTxn()) {
                bytes += bytes(op.getRequestTxn());
            }
        }
        return bytes;
    }

    /**
     * Lets a request pass that takes {@code bytes}; 0 always passes.
     *
     * @throws RequestRejected if the database would be over the quota
     */
    void check(long bytes) {
        if (bytes <= 0 || !isOver(bytes)) {
            return;
        }
        if (!isRaised()) {
            // What is known of the size may be older than a compaction, which has freed space since.
            member.store().measure();
            if (!isOver(bytes)) {
                return;
            }
            raise();
        }
        throw new RequestRejected(EtcdError.NO_SPACE);
    }

    private boolean isOver(long bytes) {
        long quotaBytes = member.config().quotaBackendBytes();
        return quotaBytes > 0 && member.store().dbSizeBytes() + bytes >= quotaBytes;
    }

    private void raise() {
        if (!raising.compareAndSet(false, true)) {
            return;
        }
        LOGGER.warn("database exceeds its quota quota-size-bytes={} db-size-bytes={}",
                member.config().quotaBackendBytes(), member.store().dbSizeBytes());
        AlarmRequest alarm = AlarmRequest.newBuilder().setAction(AlarmRequest.AlarmAction.ACTIVATE)
                .setMemberID(member.memberId()).setAlarm(AlarmType.NOSPACE).build();
        member.propose(Caller.MEMBER, InternalRaftRequest.newBuilder().setAlarm(alarm).build(),
                new LocalMember.Answer() {
                    @Override
                    public void done(MessageLite response, long revision) {
                        raising.set(false);
                    }

                    @Override
                    public void failed(EtcdError error) {
                        raising.set(false);
                    }
                });
    }

    private boolean isRaised() {
        AlarmMember own = AlarmMember.newBuilder().setMemberID(member.memberId())
                .setAlarm(AlarmType.NOSPACE).build();
        try (ReadView view = member.store().view()) {
            return Members.alarms(view).contains(own);
        }
    }
}
