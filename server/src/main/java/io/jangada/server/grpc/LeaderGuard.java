// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.error.EtcdError;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

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
    private final Set<GuardedCall<?, ?>> streams = ConcurrentHashMap.newKeySet();
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
            List.copyOf(streams).forEach(GuardedCall::end);
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
        GuardedCall<A, B> guarded = new GuardedCall<>(call);
        streams.add(guarded);
        return guarded.listener(next.startCall(guarded, headers));
    }

    /**
     * A stream that two may end: its service, and the guard. A call is not made for that, so there is a
     * lock around what either does; what the service still says after the end is dropped.
     */
    private final class GuardedCall<A, B> extends SimpleForwardingServerCall<A, B> {
        private boolean closed;
        private ServerCall.@Nullable Listener<A> service;

        GuardedCall(ServerCall<A, B> call) {
            super(call);
        }

        synchronized ServerCall.Listener<A> listener(ServerCall.Listener<A> of) {
            service = of;
            return new SimpleForwardingServerCallListener<>(of) {
                @Override
                public void onCancel() {
                    streams.remove(GuardedCall.this);
                    super.onCancel();
                }

                @Override
                public void onComplete() {
                    streams.remove(GuardedCall.this);
                    super.onComplete();
                }
            };
        }

        private void end() {
            ServerCall.Listener<A> ended;
            synchronized (this) {
                ended = service;
                if (closed || ended == null) {
                    return;
                }
                close(EtcdError.NO_LEADER.status(), new Metadata());
            }
            ended.onCancel();
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!closed) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(B message) {
            if (!closed) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!closed) {
                closed = true;
                streams.remove(this);
                super.close(status, trailers);
            }
        }
    }
}
