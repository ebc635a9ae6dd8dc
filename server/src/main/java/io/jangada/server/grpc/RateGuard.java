// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.health.HealthGrpc;
import io.jangada.server.auth.Caller;
import io.jangada.server.config.ClientLimits;
import io.jangada.server.error.EtcdError;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Requests in a second, for each user and for each method; a second's worth may come at once. A request is
 * counted with its first message, when it is known whose it is. Keep-alives of leases, which keep locks
 * and elections, and probes always pass. Thread-safe: by a lock that is held for a moment.
 */
public final class RateGuard implements ServerInterceptor {
    /** How many users are told apart; the one that was quiet longest begins anew. */
    static final int USERS_MAX = 4_096;

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Set<String> ALWAYS = Set.of(
            LeaseGrpc.getLeaseKeepAliveMethod().getFullMethodName(),
            MaintenanceGrpc.getStatusMethod().getFullMethodName(),
            HealthGrpc.getCheckMethod().getFullMethodName(),
            HealthGrpc.getWatchMethod().getFullMethodName());

    private final ClientLimits limits;
    private final LongSupplier nanos;
    /** Until when the requests that came before use up what a name has; the quietest first. */
    private final Map<String, Long> usedUntilNanos = new LinkedHashMap<>(16, 0.75F, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > USERS_MAX + limits.methodRequestsPerSecond().size();
        }
    };

    /** Lets through what {@code limits} say, by a clock that only runs forward. */
    public RateGuard(ClientLimits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
            ServerCallHandler<A, B> next) {
        boolean isOff = limits.userRequestsPerSecond() == 0
                && limits.methodRequestsPerSecond().isEmpty();
        if (isOff || ALWAYS.contains(call.getMethodDescriptor().getFullMethodName())) {
            return next.startCall(call, headers);
        }
        String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean begun;
            private boolean refused;

            @Override
            public void onMessage(A message) {
                if (!begun) {
                    begun = true;
                    refused = !passes(Caller.current().user(), method);
                    if (refused) {
                        call.close(EtcdError.TOO_MANY_REQUESTS.status(), new Metadata());
                    }
                }
                if (!refused) {
                    super.onMessage(message);
                }
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }
        };
    }

    /** Counts a request; whether it may pass. One that may not takes nothing from anybody. */
    synchronized boolean passes(String user, String method) {
        long now = nanos.getAsLong();
        int ofUser = limits.userRequestsPerSecond();
        int ofMethod = limits.methodRequestsPerSecond().getOrDefault(method, 0);
        // A user has no slash in front; nobody in particular is a user, too.
        String methodName = "/" + method;
        if (!hasRoom(user, ofUser, now) || !hasRoom(methodName, ofMethod, now)) {
            return false;
        }
        use(user, ofUser, now);
        use(methodName, ofMethod, now);
        return true;
    }

    private boolean hasRoom(String name, int perSecond, long now) {
        return perSecond == 0 || usedUntil(name, now) - now <= SECOND_NANOS
                - SECOND_NANOS / perSecond;
    }

    private void use(String name, int perSecond, long now) {
        if (perSecond > 0) {
            usedUntilNanos.put(name, usedUntil(name, now) + SECOND_NANOS / perSecond);
        }
    }

    private long usedUntil(String name, long now) {
        Long until = usedUntilNanos.get(name);
        return until == null || until - now < 0 ? now : until;
    }
}
