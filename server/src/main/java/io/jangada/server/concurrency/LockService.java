// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.lock.LockGrpc;
import io.jangada.api.lock.LockRequest;
import io.jangada.api.lock.LockResponse;
import io.jangada.api.lock.UnlockRequest;
import io.jangada.api.lock.UnlockResponse;
import io.jangada.mvcc.WatchHub;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.grpc.KvService;
import io.jangada.server.grpc.LeaseService;
import io.jangada.server.member.LocalMember;

/**
 * The Lock service: a lock is held by the first key in a queue (etcd: v3lock). Clients of etcd that lock by
 * themselves stand in the same queues.
 */
public final class LockService extends LockGrpc.LockImplBase {
    private static final Status EXPIRED = Status.UNKNOWN
            .withDescription("mutex: session is expired");

    private final LocalMember member;
    private final WatchHub hub;
    private final EventLoop watchLoop;
    private final KvService kv;
    private final LeaseService leases;

    /** Serves {@code member}; waits on {@code watchLoop}, the hub's. */
    public LockService(LocalMember member, WatchHub hub, EventLoop watchLoop, KvService kv,
            LeaseService leases) {
        this.member = member;
        this.hub = hub;
        this.watchLoop = watchLoop;
        this.kv = kv;
        this.leases = leases;
    }

    @Override
    public void lock(LockRequest request, StreamObserver<LockResponse> out) {
        LocalKv here = new LocalKv(Context.current(), kv, leases);
        new Waiting<>(member, hub, watchLoop, here, Queues.prefix(request.getName()),
                (place, found) -> LockResponse.newBuilder().setHeader(found.getHeader())
                        .setKey(place.key()).build(),
                EXPIRED, (ServerCallStreamObserver<LockResponse>) out)
                .begin(Queues.enter(here, request.getName(), request.getLease(),
                        ByteString.EMPTY));
    }

    @Override
    public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> out) {
        var ignored = new LocalKv(Context.current(), kv, leases)
                .delete(DeleteRangeRequest.newBuilder().setKey(request.getKey()).build())
                .whenComplete((deleted, failure) -> {
                    if (failure != null) {
                        out.onError(Waiting.cause(failure));
                        return;
                    }
                    out.onNext(UnlockResponse.newBuilder().setHeader(deleted.getHeader()).build());
                    out.onCompleted();
                });
    }
}
