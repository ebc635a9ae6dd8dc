// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.jangada.server.EtcdError;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The methods that are served, from when they are: the port is bound before the data directory is
 * touched, and until the member runs every call is answered UNAVAILABLE. Thread-safe.
 */
public final class GatedRegistry extends HandlerRegistry {
    private static final Metadata.Key<String> HAS_LEADER = Metadata.Key.of("hasleader",
            Metadata.ASCII_STRING_MARSHALLER);

    private static final MethodDescriptor.Marshaller<byte[]> RAW = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    };

    /** Written once by the starting thread; read by the Netty loops. */
    private volatile @Nullable Map<String, ServerMethodDefinition<?, ?>> methods;

    /** A registry that is closed. */
    public GatedRegistry() {}

    /** Serves {@code services} from now on; calls that require a leader get one or an error. */
    public void open(List<BindableService> services, BooleanSupplier hasLeader) {
        Map<String, ServerMethodDefinition<?, ?>> all = new HashMap<>();
        for (BindableService service : services) {
            ServerServiceDefinition bound = ServerInterceptors.intercept(service,
                    new LeaderRequired(hasLeader), new Forwarded());
            for (ServerMethodDefinition<?, ?> method : bound.getMethods()) {
                all.put(method.getMethodDescriptor().getFullMethodName(), method);
            }
        }
        methods = Map.copyOf(all);
    }

    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String name,
            @Nullable String authority) {
        Map<String, ServerMethodDefinition<?, ?>> open = methods;
        return open == null ? starting(name) : open.get(name);
    }

    private static ServerMethodDefinition<byte[], byte[]> starting(String name) {
        MethodDescriptor<byte[], byte[]> any = MethodDescriptor.newBuilder(RAW, RAW)
                .setType(MethodDescriptor.MethodType.UNKNOWN).setFullMethodName(name).build();
        return ServerMethodDefinition.create(any, (call, headers) -> {
            call.close(Status.UNAVAILABLE.withDescription("etcdserver: server is starting"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        });
    }

    private record LeaderRequired(BooleanSupplier hasLeader)
            implements
                ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call,
                Metadata headers, ServerCallHandler<A, B> next) {
            if ("true".equals(headers.get(HAS_LEADER)) && !hasLeader.getAsBoolean()) {
                call.close(EtcdError.NO_LEADER.status(), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }
    }
}
