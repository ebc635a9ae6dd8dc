// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.DeleteRangeResponse;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrantResponse;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.server.grpc.KvService;
import io.jangada.server.grpc.LeaseService;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * This member's own services as futures, on behalf of whoever made the call that {@code caller} belongs
 * to. Failures are those of the services. Thread-safe.
 *
 * @param caller of the call
 * @param kv the KV service
 * @param leases the Lease service
 */
record LocalKv(Context caller, KvService kv, LeaseService leases) {

    CompletableFuture<TxnResponse> txn(TxnRequest request) {
        return call(out -> kv.txn(request, out));
    }

    CompletableFuture<RangeResponse> range(RangeRequest request) {
        return call(out -> kv.range(request, out));
    }

    CompletableFuture<DeleteRangeResponse> delete(DeleteRangeRequest request) {
        return call(out -> kv.deleteRange(request, out));
    }

    CompletableFuture<LeaseGrantResponse> grant(LeaseGrantRequest request) {
        return call(out -> leases.leaseGrant(request, out));
    }

    private <T> CompletableFuture<T> call(Consumer<StreamObserver<T>> method) {
        CompletableFuture<T> future = new CompletableFuture<>();
        caller.run(() -> method.accept(new StreamObserver<>() {
            @Override
            public void onNext(T answer) {
                future.complete(answer);
            }

            @Override
            public void onError(Throwable failure) {
                future.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        }));
        return future;
    }
}
