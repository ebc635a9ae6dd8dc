// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Marks calls that a member sends on to the leader. What is marked is answered or refused where it
 * arrives: two members that each take the other for the leader do not send it to and fro.
 */
final class Forwarded implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER = Metadata.Key.of("jangada-forwarded",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Boolean> MARK = Context.key("forwarded");

    /** What goes with a call to the leader. */
    static Metadata headers() {
        Metadata headers = new Metadata();
        headers.put(HEADER, "true");
        return headers;
    }

    /** Whether the call that is being started comes from another member. */
    static boolean isCurrentCall() {
        return Boolean.TRUE.equals(MARK.get());
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
            ServerCallHandler<A, B> next) {
        if (!headers.containsKey(HEADER)) {
            return next.startCall(call, headers);
        }
        return Contexts.interceptCall(Context.current().withValue(MARK, true), call, headers, next);
    }
}
