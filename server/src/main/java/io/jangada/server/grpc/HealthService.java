// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.health.HealthCheckRequest;
import io.jangada.api.health.HealthCheckResponse;
import io.jangada.api.health.HealthCheckResponse.ServingStatus;
import io.jangada.api.health.HealthGrpc;
import io.jangada.raftnode.RaftObserver;
import io.jangada.server.member.LocalMember;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * gRPC's own health check: the server as a whole, which has the empty name, serves while there is a leader.
 * Watchers belong to the server loop, which alone writes to them.
 */
public final class HealthService extends HealthGrpc.HealthImplBase {
    private final LocalMember member;
    private final Set<ServerCallStreamObserver<HealthCheckResponse>> watchers = new HashSet<>();
    private ServingStatus last = ServingStatus.UNKNOWN;

    /** Serves {@code member}. */
    public HealthService(LocalMember member) {
        this.member = member;
        member.node().addObserver(new RaftObserver() {
            @Override
            public void leaderChanged(long leader, long term) {
                member.loop().execute(HealthService.this::look);
            }

            @Override
            public void stopped(Optional<Throwable> failure) {
                member.loop().execute(HealthService.this::look);
            }
        });
    }

    private ServingStatus status() {
        return member.status().leader() != 0 && !member.status().stopped()
                ? ServingStatus.SERVING
                : ServingStatus.NOT_SERVING;
    }

    private static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> out) {
        if (!request.getService().isEmpty()) {
            out.onError(Status.NOT_FOUND.withDescription("unknown service").asRuntimeException());
            return;
        }
        out.onNext(response(status()));
        out.onCompleted();
    }

    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> out) {
        var watcher = (ServerCallStreamObserver<HealthCheckResponse>) out;
        watcher.setOnCancelHandler(() -> member.loop().execute(() -> watchers.remove(watcher)));
        member.loop().execute(() -> {
            look();
            if (!request.getService().isEmpty()) {
                watcher.onNext(response(ServingStatus.SERVICE_UNKNOWN));
            } else if (!watcher.isCancelled()) {
                watcher.onNext(response(last));
                watchers.add(watcher);
            }
        });
    }

    private void look() {
        ServingStatus now = status();
        if (now != last) {
            last = now;
            watchers.forEach(watcher -> watcher.onNext(response(now)));
        }
    }
}
