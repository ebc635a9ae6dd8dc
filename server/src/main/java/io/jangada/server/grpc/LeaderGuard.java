// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.error.EtcdError;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Keeps the promise of the request metadata {@code hasleader}: such a call is refused while nobody leads,
 * and such a stream is ended once nobody has led for three election timeouts (etcd: monitorLeader), so
 * that a client of a member that is cut off goes to another one. Thread-safe.
 */
public final class LeaderGuard implements ServerInterceptor {
    private static final Metadata.Key<String> HAS_LEADER = Metadata.Key.of("hasleader",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final int TIMEOUTS_WITHOUT_LEADER_MAX = 3;

    private final EventLoop loop;
    private final BooleanSupplier hasLeader;
    private final long electionTimeoutNanos;
    private final Set<EndableCall<?, ?>> streams = ConcurrentHashMap.newKeySet();
    /** Election timeouts seen in a row without a leader; touched by the loop only. */
    private int withoutLeader;

    /** A guard that looks once per election timeout whether there is a leader, on {@code loop}. */
    public LeaderGuard(EventLoop loop, BooleanSupplier hasLeader, Duration electionTimeout) {
        this.loop = loop;
        this.hasLeader = hasLeader;
        this.electionTimeoutNanos = electionTimeout.toNanos();
        loop.schedule(this::look, electionTimeoutNanos);
    }

    private void look() {
        withoutLeader = hasLeader.getAsBoolean() ? 0 : withoutLeader + 1;
        if (withoutLeader >= TIMEOUTS_WITHOUT_LEADER_MAX) {
            List.copyOf(streams)
                    .forEach(stream -> stream.end(EtcdError.NO_LEADER.status()));
        }
        loop.schedule(this::look, electionTimeoutNanos);
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
            ServerCallHandler<A, B> next) {
        if (!"true".equals(headers.get(HAS_LEADER))) {
            return next.startCall(call, headers);
        }
        if (!hasLeader.getAsBoolean()) {
            call.close(EtcdError.NO_LEADER.status(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        if (call.getMethodDescriptor().getType() == MethodType.UNARY) {
            return next.startCall(call, headers);
        }
        EndableCall<A, B> guarded = new EndableCall<>(call, streams);
        return guarded.listener(next.startCall(guarded, headers));
    }
}
