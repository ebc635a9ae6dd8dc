// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.LeaseKeepAliveRequest;
import io.jangada.api.etcd.LeaseKeepAliveResponse;
import java.util.concurrent.TimeUnit;

/** Signs of life for one lease, on a stream of their own. Used by one thread. */
public final class LeaseRenewals {
    private final BlockingClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream;
    private final LeaseKeepAliveRequest request;

    /** Opens the stream. */
    public LeaseRenewals(EtcdClient etcd, long id) {
        stream = LeaseGrpc.newBlockingV2Stub(etcd.channel()).withWaitForReady()
                .leaseKeepAlive();
        request = LeaseKeepAliveRequest.newBuilder().setID(id).build();
    }

    /**
     * Gives a sign of life and waits for the answer, whose time to live is 0 if the lease is gone.
     *
     * @throws StatusException if the stream fails or ends
     */
    public LeaseKeepAliveResponse renew() throws StatusException, InterruptedException {
        stream.write(request);
        LeaseKeepAliveResponse answer = stream.read();
        return answer == null ? LeaseKeepAliveResponse.getDefaultInstance() : answer;
    }

    /** Waits until the next sign of life is due: a third of {@code ttlSeconds}. */
    public void awaitNext(long ttlSeconds) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(Math.max(100, ttlSeconds * 1000 / 3));
    }
}
