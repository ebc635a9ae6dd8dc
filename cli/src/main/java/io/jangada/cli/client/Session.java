// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.cli.print.CommandFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A lease that is kept alive by a thread of its own as long as the command runs, and revoked at its end, also if that is
 * Ctrl-C: what hangs on it is given up then.
 */
public final class Session implements AutoCloseable {
    private static final long REVOKE_SECONDS_MAX = 2;

    private final Channel channel;
    private final long lease;
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    /** Written by the command's thread, read by the JVM's shutdown: whether what was wanted is held. */
    private volatile boolean holds;
    /** Written by the command's thread, read by the JVM's shutdown. */
    private volatile boolean closed;

    private Session(Channel channel, long lease) {
        this.channel = channel;
        this.lease = lease;
    }

    /** Grants a lease of {@code ttlSeconds} and keeps it alive. */
    public static Session open(EtcdClient etcd, long ttlSeconds) {
        long lease = etcd.lease().leaseGrant(LeaseGrantRequest.newBuilder().setTTL(ttlSeconds)
                .build()).getID();
        var session = new Session(etcd.channel(), lease);
        var renewals = new LeaseRenewals(etcd, lease);
        Thread.ofPlatform().daemon().name("lease-renewals")
                .start(() -> session.keepAlive(renewals));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(session::giveUp, "give-up"));
        return session;
    }

    /** The lease. */
    public long lease() {
        return lease;
    }

    /** From now on an end by a signal is a success. */
    public void held() {
        holds = true;
    }

    /**
     * Waits until the lease is lost; a signal ends the wait with the process.
     *
     * @throws CommandFailure always
     */
    public void await() {
        lost.join();
        throw CommandFailure.error("session expired");
    }

    private void keepAlive(LeaseRenewals renewals) {
        try {
            long ttlSeconds = renewals.renew().getTTL();
            while (ttlSeconds > 0) {
                renewals.awaitNext(ttlSeconds);
                ttlSeconds = renewals.renew().getTTL();
            }
        } catch (StatusException | StatusRuntimeException ignored) {
            // Lost, as below.
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
        lost.complete(null);
    }

    /** By the JVM's shutdown. Only halting can say here that a signal was obeyed. */
    private void giveUp() {
        if (!closed) {
            close();
            Runtime.getRuntime().halt(holds ? 0 : 1);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            LeaseGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(REVOKE_SECONDS_MAX, TimeUnit.SECONDS)
                    .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build());
        } catch (StatusRuntimeException ignored) {
            // It ends by itself.
        }
    }
}
