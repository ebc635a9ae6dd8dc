// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.health.HealthGrpc;
import io.jangada.server.error.EtcdError;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Refuses on a learner what etcd refuses there: all but the status, the snapshot and ranges that need not be
 * linearizable, so that clients take another member. Probes are answered. Thread-safe.
 */
public final class LearnerGuard implements ServerInterceptor {
    private static final Set<String> SERVED = Set.of(
            MaintenanceGrpc.getStatusMethod().getFullMethodName(),
            MaintenanceGrpc.getSnapshotMethod().getFullMethodName(),
            HealthGrpc.getCheckMethod().getFullMethodName(),
            HealthGrpc.getWatchMethod().getFullMethodName());
    private static final String RANGE = KVGrpc.getRangeMethod().getFullMethodName();

    private final BooleanSupplier isLearner;

    /** A guard that asks {@code isLearner} at each call. */
    public LearnerGuard(BooleanSupplier isLearner) {
        this.isLearner = isLearner;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
            ServerCallHandler<A, B> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (!isLearner.getAsBoolean() || SERVED.contains(method)) {
            return next.startCall(call, headers);
        }
        if (method.equals(RANGE)) {
            return new SerializableOnly<>(call, next.startCall(call, headers));
        }
        call.close(EtcdError.NOT_SUPPORTED_FOR_LEARNER.status(), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** Lets a range pass once it is seen that it need not be linearizable. */
    private static final class SerializableOnly<A, B>
            extends
                SimpleForwardingServerCallListener<A> {
        private final ServerCall<A, B> call;
        private boolean refused;

        SerializableOnly(ServerCall<A, B> call, ServerCall.Listener<A> next) {
            super(next);
            this.call = call;
        }

        @Override
        public void onMessage(A message) {
            if (message instanceof RangeRequest range && range.getSerializable()) {
                super.onMessage(message);
            } else {
                refused = true;
                call.close(EtcdError.NOT_SUPPORTED_FOR_LEARNER.status(), new Metadata());
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }
}
