// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.jangada.server.auth.Credential;
import io.jangada.server.error.EtcdError;
import java.util.List;
import java.util.Optional;

/**
 * Marks calls that a member sends on to the leader. What is marked is answered or refused where it
 * arrives: two members that each take the other for the leader do not send it to and fro.
 */
final class Forwarded implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER = Credential.Headers.FORWARDED;
    private static final List<EtcdError> DECISIONS = List.of(EtcdError.INVALID_AUTH_TOKEN,
            EtcdError.PERMISSION_DENIED, EtcdError.USER_EMPTY, EtcdError.AUTH_OLD_REVISION);
    private static final Context.Key<Boolean> MARK = Context.key("forwarded");

    /** What goes with a call to the leader, which decides for itself who calls. */
    static Metadata headers(Credential credential) {
        Metadata headers = new Metadata();
        headers.put(HEADER, "true");
        credential.addTo(headers);
        return headers;
    }

    /** Whether the call that is being started comes from another member. */
    static boolean isCurrentCall() {
        return Boolean.TRUE.equals(MARK.get());
    }

    /** Why the leader said that the caller may not, if that is how such a call failed. */
    static Optional<EtcdError> decision(Throwable failure) {
        String text = Status.fromThrowable(failure).getDescription();
        return DECISIONS.stream().filter(one -> String.valueOf(one.status().getDescription())
                .equals(text)).findFirst();
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
