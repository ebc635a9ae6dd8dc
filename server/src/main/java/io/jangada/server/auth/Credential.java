// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import io.grpc.Context;
import io.grpc.Metadata;
import java.util.Optional;

/** What a call brings along to prove who calls. Immutable; its text tells nothing. */
public sealed interface Credential {
    /** Nothing. */
    record None() implements Credential {}

    /** A token. */
    record Token(String text) implements Credential {
        @Override
        public String toString() {
            return "Token[]";
        }
    }

    /** The common name of a certificate that the connection was checked for. */
    record CommonName(String user) implements Credential {}

    /** That of the call that is being handled on this thread; see {@link Caller#current}. */
    static Credential current() {
        return Headers.KEY.get();
    }

    /** Adds it to the headers of a call that is made for its owner; a common name cannot be handed on so. */
    default void addTo(Metadata headers) {
        if (this instanceof Token(String text)) {
            headers.put(Headers.TOKEN, text);
        }
    }

    /**
     * That of a call: its token, or else the certificate's name, unless an HTTP gateway or another member made
     * the call, whose certificate it would be (etcd: AuthInfoFromCtx, AuthInfoFromTLS).
     */
    static Credential of(Metadata headers, Optional<String> commonName) {
        String token = headers.get(Headers.TOKEN);
        String text = token == null ? headers.get(Headers.AUTHORIZATION) : token;
        if (text != null) {
            return new Token(text.startsWith(Headers.BEARER)
                    ? text.substring(Headers.BEARER.length())
                    : text);
        }
        return headers.containsKey(Headers.GATEWAY) || headers.containsKey(Headers.FORWARDED)
                ? new None()
                : commonName.<Credential>map(CommonName::new).orElseGet(None::new);
    }

    /** The names of etcd's metadata, and of ours in the context. */
    final class Headers {
        /** The call's; none outside of calls. */
        static final Context.Key<Credential> KEY = Context.keyWithDefault("credential",
                new None());

        /** In a call that one member sends on to another. */
        public static final Metadata.Key<String> FORWARDED = ascii("jangada-forwarded");

        private static final Metadata.Key<String> TOKEN = ascii("token");
        private static final Metadata.Key<String> AUTHORIZATION = ascii("authorization");
        private static final Metadata.Key<String> GATEWAY = ascii("grpcgateway-accept");
        private static final String BEARER = "Bearer ";

        private Headers() {}

        private static Metadata.Key<String> ascii(String name) {
            return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        }
    }
}
