// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.metrics;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.jangada.api.etcd.KVGrpc;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls by method and code, and bytes. A call costs a look-up and a few additions. Calls of methods
 * that are not served count as one: clients cannot make series.
 */
final class GrpcMetrics extends ServerStreamTracer.Factory {
    private static final String UNKNOWN = "unknown";

    private final Counter started;
    private final Counter handled;
    private final Counter receivedBytes;
    private final Counter sentBytes;
    private final Map<String, Method> methods = new ConcurrentHashMap<>();
    private final Method unknown;

    GrpcMetrics(PrometheusRegistry registry) {
        started = Counter.builder().name("grpc_server_started_total").withoutExemplars()
                .help("Calls that were started.")
                .labelNames("grpc_type", "grpc_service", "grpc_method").register(registry);
        handled = Counter.builder().name("grpc_server_handled_total").withoutExemplars()
                .help("Calls that ended, by code.")
                .labelNames("grpc_type", "grpc_service", "grpc_method", "grpc_code")
                .register(registry);
        receivedBytes = Counter.builder().name("etcd_network_client_grpc_received_bytes_total")
                .withoutExemplars().help("Bytes of messages received from clients.")
                .register(registry);
        sentBytes = Counter.builder().name("etcd_network_client_grpc_sent_bytes_total")
                .withoutExemplars().help("Bytes of messages sent to clients.").register(registry);
        unknown = new Method(UNKNOWN, UNKNOWN, UNKNOWN);
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new Call();
    }

    /** How many calls of Range were started. */
    long ranges() {
        return (long) method(KVGrpc.getRangeMethod()).starts.get();
    }

    private Method method(MethodDescriptor<?, ?> descriptor) {
        if (descriptor.getType() == MethodType.UNKNOWN) {
            return unknown;
        }
        String name = descriptor.getFullMethodName();
        Method known = methods.get(name);
        return known != null
                ? known
                : methods.computeIfAbsent(name, ignored -> new Method(type(descriptor.getType()),
                        String.valueOf(descriptor.getServiceName()),
                        String.valueOf(descriptor.getBareMethodName())));
    }

    private static String type(MethodType type) {
        return switch (type) {
            case UNARY -> "unary";
            case CLIENT_STREAMING -> "client_stream";
            case SERVER_STREAMING -> "server_stream";
            case BIDI_STREAMING -> "bidi_stream";
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** A code as gRPC's Go library spells it, which is what dashboards of etcd ask for. */
    static String code(Status.Code code) {
        if (code == Status.Code.OK) {
            return "OK";
        }
        if (code == Status.Code.CANCELLED) {
            return "Canceled";
        }
        StringBuilder text = new StringBuilder();
        boolean starts = true;
        for (char c : code.name().toCharArray()) {
            if (c != '_') {
                text.append(starts ? c : Character.toLowerCase(c));
            }
            starts = c == '_';
        }
        return text.toString();
    }

    /** The counters of one method. */
    private final class Method {
        private final String type;
        private final String service;
        private final String name;
        private final CounterDataPoint starts;
        private final AtomicReferenceArray<@Nullable CounterDataPoint> ends = new AtomicReferenceArray<>(
                Status.Code.values().length);

        Method(String type, String service, String name) {
            this.type = type;
            this.service = service;
            this.name = name;
            this.starts = started.labelValues(type, service, name);
        }

        void ended(Status.Code code) {
            CounterDataPoint known = ends.get(code.value());
            if (known == null) {
                known = handled.labelValues(type, service, name, code(code));
                ends.set(code.value(), known);
            }
            known.inc();
        }
    }

    private final class Call extends ServerStreamTracer {
        /** Set by the thread that starts the call; read by whichever ends it. */
        private volatile @Nullable Method method;

        @Override
        public void serverCallStarted(ServerCallInfo<?, ?> call) {
            Method of = method(call.getMethodDescriptor());
            method = of;
            of.starts.inc();
        }

        @Override
        public void streamClosed(Status status) {
            Method of = method;
            if (of != null) {
                of.ended(status.getCode());
            }
        }

        @Override
        public void inboundWireSize(long bytes) {
            receivedBytes.inc(bytes);
        }

        @Override
        public void outboundWireSize(long bytes) {
            sentBytes.inc(bytes);
        }
    }
}
