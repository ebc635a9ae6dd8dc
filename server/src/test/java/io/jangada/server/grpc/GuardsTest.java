// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.health.HealthGrpc;
import io.jangada.server.error.EtcdError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls that are refused before a service sees them. */
class GuardsTest {
    private final List<Object> served = new ArrayList<>();
    private final List<Status> closes = new ArrayList<>();
    private boolean isLearner = true;
    private final LearnerGuard learners = new LearnerGuard(() -> isLearner);

    private <A, B> ServerCall.Listener<A> open(ServerInterceptor guard,
            MethodDescriptor<A, B> method, Metadata headers) {
        return guard.interceptCall(new Call<>(method, closes), headers, (call, ignored) -> {
            served.add(method.getFullMethodName());
            return new ServerCall.Listener<A>() {
                @Override
                public void onMessage(A message) {
                    served.add(message);
                }

                @Override
                public void onHalfClose() {
                    served.add("half-closed");
                }
            };
        });
    }

    private void range(RangeRequest request) {
        ServerCall.Listener<RangeRequest> listener = open(learners, KVGrpc.getRangeMethod(),
                new Metadata());
        served.clear();
        listener.onMessage(request);
        listener.onHalfClose();
    }

    @Test
    void aLearnerServesWhatNeedsNoLeader() {
        open(learners, MaintenanceGrpc.getStatusMethod(), new Metadata());
        open(learners, MaintenanceGrpc.getSnapshotMethod(), new Metadata());
        open(learners, HealthGrpc.getCheckMethod(), new Metadata());
        assertThat(served).hasSize(3);
        RangeRequest serializable = RangeRequest.newBuilder().setSerializable(true).build();
        range(serializable);
        assertThat(served).containsExactly(serializable, "half-closed");
        assertThat(closes).isEmpty();
    }

    @Test
    void aLearnerRefusesEverythingElse() {
        open(learners, KVGrpc.getPutMethod(), new Metadata());
        open(learners, WatchGrpc.getWatchMethod(), new Metadata());
        open(learners, MaintenanceGrpc.getHashKVMethod(), new Metadata());
        assertThat(served).isEmpty();
        range(RangeRequest.getDefaultInstance());
        assertThat(served).isEmpty();
        assertThat(closes).hasSize(4)
                .containsOnly(EtcdError.NOT_SUPPORTED_FOR_LEARNER.status());
    }

    @Test
    void aVoterServesEverything() {
        isLearner = false;
        range(RangeRequest.getDefaultInstance());
        open(learners, KVGrpc.getPutMethod(), new Metadata());
        assertThat(served).hasSize(3);
        assertThat(closes).isEmpty();
    }

    @Test
    void aClientsVersionMustBeText() {
        Metadata.Key<String> key = Metadata.Key.of("client-api-version",
                Metadata.ASCII_STRING_MARSHALLER);
        Metadata headers = new Metadata();
        headers.put(key, "3.7.1");
        open(new ApiVersionGuard(), KVGrpc.getPutMethod(), headers);
        open(new ApiVersionGuard(), KVGrpc.getPutMethod(), new Metadata());
        assertThat(served).hasSize(2);
        Metadata garbled = InternalMetadata.newMetadata(
                "client-api-version".getBytes(StandardCharsets.US_ASCII),
                new byte[]{'3', (byte) 0xff});
        open(new ApiVersionGuard(), KVGrpc.getPutMethod(), garbled);
        assertThat(served).hasSize(2);
        assertThat(closes).containsExactly(EtcdError.INVALID_CLIENT_API_VERSION.status());
    }

    private static final class Call<A, B> extends ServerCall<A, B> {
        private final MethodDescriptor<A, B> method;
        private final List<Status> closes;

        Call(MethodDescriptor<A, B> method, List<Status> closes) {
            this.method = method;
            this.closes = closes;
        }

        @Override
        public void request(int messageCount) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(B message) {}

        @Override
        public void close(Status status, Metadata trailers) {
            closes.add(status);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<A, B> getMethodDescriptor() {
            return method;
        }
    }
}
