// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.etcd.SnapshotResponse;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The backups that are on their way to clients: not many at a time, since each is a file of the whole state,
 * and on threads of their own, since that takes long and reads must not wait for it. Thread-safe.
 */
public final class SnapshotStreams implements AutoCloseable {
    private static final int OPEN_MAX = 2;
    private static final int IDLE_SECONDS = 10;

    private final LocalMember member;
    private final Semaphore open = new Semaphore(OPEN_MAX);
    private final ThreadPoolExecutor threads;
    /** Written by who closes; read by the threads. */
    private volatile boolean closed;

    /** Of {@code member}'s state. Begins without threads; they come with work. */
    public SnapshotStreams(LocalMember member) {
        this.member = member;
        this.threads = new ThreadPoolExecutor(OPEN_MAX, OPEN_MAX, IDLE_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(OPEN_MAX), // A backup has one task at a time.
                Thread.ofPlatform().daemon().name("backup-" + member.config().name() + "-", 0)
                        .factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Begins one, or refuses it; must be called while the call is being started. Does not block. */
    public void start(ServerCallStreamObserver<SnapshotResponse> out) {
        if (open.tryAcquire()) {
            new SnapshotStream(this, out).start();
        } else {
            out.onError(EtcdError.TOO_MANY_REQUESTS.exception());
        }
    }

    LocalMember member() {
        return member;
    }

    /** Where backups are written and sent. */
    Executor threads() {
        return threads;
    }

    /** Whether the member stops, and backups with it. */
    boolean isClosed() {
        return closed;
    }

    /** Nothing is left of one. */
    void ended() {
        open.release();
    }

    /** Ends what is being written or sent, soon: not before this returns. Idempotent. */
    @Override
    public void close() {
        closed = true;
        threads.shutdown();
    }
}
