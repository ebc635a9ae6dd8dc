// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.stub.StreamObserver;
import io.jangada.api.health.HealthCheckRequest;
import io.jangada.api.health.HealthCheckResponse;
import io.jangada.api.health.HealthGrpc;
import io.jangada.server.member.LocalMember;

/** gRPC's own health check: serving while there is a leader. */
public final class HealthService extends HealthGrpc.HealthImplBase {
    private final LocalMember member;

    /** Serves {@code member}. */
    public HealthService(LocalMember member) {
        this.member = member;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> out) {
        boolean serves = member.status().leader() != 0 && !member.status().stopped();
        out.onNext(HealthCheckResponse.newBuilder()
                .setStatus(serves
                        ? HealthCheckResponse.ServingStatus.SERVING
                        : HealthCheckResponse.ServingStatus.NOT_SERVING)
                .build());
        out.onCompleted();
    }
}
