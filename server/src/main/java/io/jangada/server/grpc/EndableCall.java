// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream that two may end: its service, and a guard. A call is not made for that, so there is a lock
 * around what either does; what the service still says after the end is dropped. Thread-safe.
 */
final class EndableCall<A, B> extends SimpleForwardingServerCall<A, B> {
    private final Set<EndableCall<?, ?>> open;
    private boolean closed;
    private ServerCall.@Nullable Listener<A> service;

    /** Over {@code call}; it is in {@code open}, a concurrent set, from now until it ends. */
    EndableCall(ServerCall<A, B> call, Set<EndableCall<?, ?>> open) {
        super(call);
        this.open = open;
        open.add(this);
    }

    /** What hears of the call instead of the service's listener {@code of}. */
    synchronized ServerCall.Listener<A> listener(ServerCall.Listener<A> of) {
        service = of;
        return new SimpleForwardingServerCallListener<>(of) {
            @Override
            public void onCancel() {
                open.remove(EndableCall.this);
                super.onCancel();
            }

            @Override
            public void onComplete() {
                open.remove(EndableCall.this);
                super.onComplete();
            }
        };
    }

    /** Ends it with {@code status}, unless it has ended; the service hears that it is canceled. */
    void end(Status status) {
        ServerCall.Listener<A> ended;
        synchronized (this) {
            ended = service;
            if (closed || ended == null) {
                return;
            }
            close(status, new Metadata());
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
            open.remove(this);
            super.close(status, trailers);
        }
    }
}
