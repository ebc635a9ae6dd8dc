// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.jangada.server.auth.AccessGuard;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The methods that are served, from when they are: the port is bound before the data directory is
 * touched, and until the member runs every call is answered UNAVAILABLE. Thread-safe.
 */
public final class GatedRegistry extends HandlerRegistry {
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

    /**
     * Serves {@code services} from now on.
     *
     * @param access decides who may call what
     * @param leaders what calls that require a leader are held to
     */
    public void open(List<BindableService> services, AccessGuard access, LeaderGuard leaders) {
        Map<String, ServerMethodDefinition<?, ?>> all = new HashMap<>();
        for (BindableService service : services) {
            Set<String> written = Arrays.stream(service.getClass().getDeclaredMethods())
                    .map(Method::getName).collect(Collectors.toSet());
            ServerServiceDefinition bound = ServerInterceptors.intercept(service, access,
                    leaders, new Forwarded());
            for (ServerMethodDefinition<?, ?> method : bound.getMethods()) {
                String name = String.valueOf(method.getMethodDescriptor().getBareMethodName());
                // The generated base class answers for what the service does not declare.
                if (written.contains(name.substring(0, 1).toLowerCase(Locale.ROOT)
                        + name.substring(1))) {
                    all.put(method.getMethodDescriptor().getFullMethodName(), method);
                }
            }
        }
        methods = Map.copyOf(all);
    }

    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String name,
            @Nullable String authority) {
        Map<String, ServerMethodDefinition<?, ?>> open = methods;
        if (open == null) {
            return refusing(name,
                    Status.UNAVAILABLE.withDescription("etcdserver: server is starting"));
        }
        ServerMethodDefinition<?, ?> found = open.get(name);
        return found == null
                ? refusing(name, Status.UNIMPLEMENTED.withDescription(
                        "etcdserver: " + name + " is not implemented by this version of Jangada"))
                : found;
    }

    private static ServerMethodDefinition<byte[], byte[]> refusing(String name, Status status) {
        MethodDescriptor<byte[], byte[]> any = MethodDescriptor.newBuilder(RAW, RAW)
                .setType(MethodDescriptor.MethodType.UNKNOWN).setFullMethodName(name).build();
        return ServerMethodDefinition.create(any, (call, headers) -> {
            call.close(status, new Metadata());
            return new ServerCall.Listener<>() {};
        });
    }
}
