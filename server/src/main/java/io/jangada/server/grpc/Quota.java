// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.server.EtcdError;
import io.jangada.server.LocalMember;
import io.jangada.server.apply.RequestRejected;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The size of this member's database, which must not grow without bound. Once it is over the quota,
 * the cluster raises an alarm through the log, so that all members refuse alike. Thread-safe.
 */
public final class Quota {
    private final LocalMember member;
    private final AtomicBoolean raising = new AtomicBoolean();

    /** The quota of {@code member}. */
    public Quota(LocalMember member) {
        this.member = member;
    }

    /**
     * Lets a request pass that takes space.
     *
     * @throws RequestRejected if the database is over the quota
     */
    public void check() {
        long quotaBytes = member.config().quotaBackendBytes();
        if (quotaBytes > 0 && member.store().dbSizeBytes() > quotaBytes) {
            raise();
            throw new RequestRejected(EtcdError.NO_SPACE);
        }
    }

    private void raise() {
        if (!raising.compareAndSet(false, true)) {
            return;
        }
        AlarmRequest alarm = AlarmRequest.newBuilder().setAction(AlarmRequest.AlarmAction.ACTIVATE)
                .setMemberID(member.memberId()).setAlarm(AlarmType.NOSPACE).build();
        member.propose(InternalRaftRequest.newBuilder().setAlarm(alarm).build(),
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
}
