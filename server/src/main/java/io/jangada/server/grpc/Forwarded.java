// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;

/**
 * Marks calls that a member sends on to the leader. What is marked is answered or refused where it
 * arrives: two members that each take the other for the leader do not send it to and fro.
 */
final class Forwarded implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER = key("jangada-forwarded");
    /** What says on whose behalf a call is made. */
    private static final List<Metadata.Key<String>> CREDENTIALS = List.of(key("token"),
            key("authorization"));
    private static final Context.Key<Boolean> MARK = Context.key("forwarded");
    private static final Context.Key<Metadata> CALLER = Context.key("caller");

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** What goes with a call to the leader. */
    static Metadata headers() {
        Metadata headers = new Metadata();
        headers.put(HEADER, "true");
        return headers;
    }

    /** As {@link #headers}, on behalf of whoever makes the call that is being started. */
    static Metadata headersOfCurrentCall() {
        Metadata headers = headers();
        Metadata caller = CALLER.get();
        if (caller != null) {
            headers.merge(caller);
        }
        return headers;
    }

    /** Whether the call that is being started comes from another member. */
    static boolean isCurrentCall() {
        return Boolean.TRUE.equals(MARK.get());
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
            ServerCallHandler<A, B> next) {
        Metadata caller = new Metadata();
        for (Metadata.Key<String> credential : CREDENTIALS) {
            String value = headers.get(credential);
            if (value != null) {
                caller.put(credential, value);
            }
        }
        boolean isMarked = headers.containsKey(HEADER);
        if (!isMarked && caller.keys().isEmpty()) {
            return next.startCall(call, headers);
        }
        Context context = Context.current().withValue(MARK, isMarked).withValue(CALLER, caller);
        return Contexts.interceptCall(context, call, headers, next);
    }
}
