// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.lock.LockGrpc;
import io.jangada.api.lock.LockRequest;
import io.jangada.api.lock.LockResponse;
import io.jangada.api.lock.UnlockRequest;
import io.jangada.api.lock.UnlockResponse;

/**
 * The Lock service: a lock is held by the first key in a queue (etcd: v3lock). Clients of etcd that lock by
 * themselves stand in the same queues.
 */
public final class LockService extends LockGrpc.LockImplBase {
    private static final Status EXPIRED = Status.UNKNOWN
            .withDescription("mutex: session is expired");

    private final QueueAccess queues;

    /** A service on {@code queues}. */
    public LockService(QueueAccess queues) {
        this.queues = queues;
    }

    @Override
    public void lock(LockRequest request, StreamObserver<LockResponse> out) {
        LocalKv here = queues.here();
        new Waiting<>(queues, here, Queues.prefix(request.getName()),
                (place, found) -> LockResponse.newBuilder().setHeader(found.getHeader())
                        .setKey(place.key()).build(),
                EXPIRED, (ServerCallStreamObserver<LockResponse>) out)
                .begin(Queues.enter(here, request.getName(), request.getLease(),
                        ByteString.EMPTY));
    }

    @Override
    public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> out) {
        var ignored = queues.here()
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
