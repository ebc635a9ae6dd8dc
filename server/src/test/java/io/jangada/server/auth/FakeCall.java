// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.jangada.server.error.EtcdError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call without a network, and the service behind it, which keeps what it is told and by whom. */
final class FakeCall<A, B> extends ServerCall<A, B> implements ServerCallHandler<A, B> {
    final List<A> received = new ArrayList<>();
    final List<Caller> callers = new ArrayList<>();
    final List<Optional<EtcdError>> refusals = new ArrayList<>();
    final List<B> sent = new ArrayList<>();
    boolean halfClosed;
    boolean serviceCanceled;
    @Nullable
    Status closedWith;
    private final MethodDescriptor<A, B> method;
    private @Nullable ServerCall<A, B> guarded;

    FakeCall(MethodDescriptor<A, B> method) {
        this.method = method;
    }

    /** The call as its service has it: answers go out there. */
    ServerCall<A, B> asService() {
        ServerCall<A, B> present = guarded;
        if (present == null) {
            throw new IllegalStateException("not started");
        }
        return present;
    }

    @Override
    public Listener<A> startCall(ServerCall<A, B> call, Metadata headers) {
        guarded = call;
        return new Listener<>() {
            @Override
            public void onMessage(A message) {
                received.add(message);
                refusals.add(AccessGuard.currentRefusal());
                callers.add(Caller.current());
            }

            @Override
            public void onHalfClose() {
                halfClosed = true;
                if (!received.isEmpty()) {
                    callers.set(callers.size() - 1, Caller.current());
                }
            }

            @Override
            public void onCancel() {
                serviceCanceled = true;
            }
        };
    }

    @Override
    public void request(int numMessages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(B message) {
        sent.add(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {
        if (closedWith != null) {
            throw new IllegalStateException("closed twice");
        }
        closedWith = status;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public Attributes getAttributes() {
        return Attributes.EMPTY;
    }

    @Override
    public MethodDescriptor<A, B> getMethodDescriptor() {
        return method;
    }

    /** Whether anything of this thread's context would leak into the next test. */
    static boolean contextIsClean() {
        return Context.current().equals(Context.ROOT);
    }
}
