// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.Metadata;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The metadata of a call by JSON (grpc-gateway: AnnotateContext): the authorization, what comes in headers
 * {@code Grpc-Metadata-NAME}, and {@code grpcgateway-accept}, by which services know where it comes from.
 */
final class GatewayMetadata {
    private static final String PREFIX = "grpc-metadata-";
    private static final String BEARER = "bearer";
    private static final Pattern NAME = Pattern.compile("[0-9a-z_.-]+");
    private static final Metadata.Key<String> AUTHORIZATION = text("authorization");
    private static final Metadata.Key<String> ACCEPT = text("grpcgateway-accept");

    private GatewayMetadata() {}

    private static Metadata.Key<String> text(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** What {@code headers} say; a name that gRPC does not know, or of binary metadata, is left out. */
    static Metadata of(HttpHeaders headers) {
        Metadata metadata = new Metadata();
        metadata.put(ACCEPT, headers.get(HttpHeaderNames.ACCEPT, "*/*"));
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("authorization")) {
                metadata.put(AUTHORIZATION, header.getValue());
            } else if (name.startsWith(PREFIX)) {
                put(metadata, name.substring(PREFIX.length()), header.getValue());
            }
        }
        return metadata;
    }

    private static void put(Metadata metadata, String name, String value) {
        boolean isText = NAME.matcher(name).matches()
                && !name.endsWith(Metadata.BINARY_HEADER_SUFFIX);
        if (isText) {
            metadata.put(text(name), value);
        }
    }

    /**
     * The same for a web socket, whose maker in a browser can set no header but the protocol:
     * {@code Sec-WebSocket-Protocol: Bearer, TOKEN} is an authorization (etcd: wsproxy).
     */
    static Metadata ofWebSocket(HttpHeaders headers) {
        Metadata metadata = of(headers);
        String[] protocol = headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, "").split(",", 2);
        if (protocol.length == 2 && protocol[0].strip().equalsIgnoreCase(BEARER)) {
            metadata.discardAll(AUTHORIZATION);
            metadata.put(AUTHORIZATION, "Bearer " + protocol[1].strip());
        }
        return metadata;
    }
}
