// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.etcd.SnapshotResponse;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.concurrent.Semaphore;

/** The backups that are on their way to clients: not many at a time, since each is a file of the whole state. Thread-safe. */
public final class SnapshotStreams {
    private static final int OPEN_MAX = 2;

    private final LocalMember member;
    private final Semaphore open = new Semaphore(OPEN_MAX);

    /** Of {@code member}'s state. */
    public SnapshotStreams(LocalMember member) {
        this.member = member;
    }

    /** Begins one, or refuses it; must be called while the call is being started. Does not block. */
    public void start(ServerCallStreamObserver<SnapshotResponse> out) {
        if (open.tryAcquire()) {
            new SnapshotStream(member, out, open::release).start();
        } else {
            out.onError(EtcdError.TOO_MANY_REQUESTS.exception());
        }
    }
}
