// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.health.HealthGrpc;
import io.jangada.server.error.EtcdError;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a member whose state is not that of the others serve nothing of it: calls are refused, and open
 * streams end, except for what an operator needs. etcd goes on serving reads there. Thread-safe.
 */
public final class CorruptGuard implements ServerInterceptor {
    private static final Set<String> SERVED = Set.of(MaintenanceGrpc.SERVICE_NAME,
            ClusterGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME);

    private final Set<EndableCall<?, ?>> streams = ConcurrentHashMap.newKeySet();
    /** Written by the apply loop, when alarms change; read by the Netty loops. */
    private volatile boolean isCorrupt;

    /** A guard of a member that is in order. */
    public CorruptGuard() {}

    /** Whether this member is named as corrupt. One caller at a time. */
    public void set(boolean corrupt) {
        isCorrupt = corrupt;
        if (corrupt) {
            List.copyOf(streams).forEach(stream -> stream.end(EtcdError.CORRUPT.status()));
        }
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
            ServerCallHandler<A, B> next) {
        if (SERVED.contains(String.valueOf(call.getMethodDescriptor().getServiceName()))) {
            return next.startCall(call, headers);
        }
        if (isCorrupt) {
            call.close(EtcdError.CORRUPT.status(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        if (call.getMethodDescriptor().getType() == MethodType.UNARY) {
            return next.startCall(call, headers);
        }
        EndableCall<A, B> stream = new EndableCall<>(call, streams);
        ServerCall.Listener<A> listener = stream.listener(next.startCall(stream, headers));
        if (isCorrupt) {
            stream.end(EtcdError.CORRUPT.status()); // Named while it began.
        }
        return listener;
    }
}
