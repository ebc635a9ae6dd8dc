// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.server.error.EtcdError;

/**
 * Refuses calls whose metadata {@code client-api-version} is no text (etcd: not valid UTF-8; versions are
 * ASCII, and what is not cannot be told apart here). Stateless.
 */
public final class ApiVersionGuard implements ServerInterceptor {
    private static final Metadata.Key<String> VERSION = Metadata.Key.of("client-api-version",
            Metadata.ASCII_STRING_MARSHALLER);
    /** What a byte is read as that is not ASCII. */
    private static final char NOT_ASCII = '\uFFFD';

    /** A guard. */
    public ApiVersionGuard() {}

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
            ServerCallHandler<A, B> next) {
        String version = headers.get(VERSION);
        if (version != null && version.indexOf(NOT_ASCII) >= 0) {
            call.close(EtcdError.INVALID_CLIENT_API_VERSION.status(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
