// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.Status;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The API as JSON over HTTP: a POST to {@code /v3/...} calls a method of a service, a web socket at the
 * same path calls it with a message for each frame. Thread-safe.
 */
final class Gateway implements HttpEndpoint {
    private static final class Routes {
        /** Made when the first request comes: a member that starts does not wait for it. */
        private static final Map<String, GatewayRoute> ALL = GatewayRoutes.all();
    }

    private final LocalChannel services;
    private final HttpAccess access;
    private final int messageBytesMax;

    /**
     * A gateway to {@code services}.
     *
     * @param messageBytesMax of one frame of a web socket
     */
    Gateway(LocalChannel services, HttpAccess access, int messageBytesMax) {
        this.services = services;
        this.access = access;
        this.messageBytesMax = messageBytesMax;
    }

    @Override
    public void handle(HttpExchange exchange) {
        GatewayRoute route = Routes.ALL.get(exchange.path());
        boolean isWebSocket = exchange.headers().containsValue(HttpHeaderNames.UPGRADE,
                HttpHeaderValues.WEBSOCKET, true);
        if (route == null) {
            refuse(exchange, Status.NOT_FOUND, "Not Found");
        } else if (isWebSocket) {
            upgrade(exchange, route);
        } else if (exchange.method().equals(HttpMethod.POST)) {
            call(exchange, route);
        } else {
            refuse(exchange, Status.UNIMPLEMENTED, "Method Not Allowed");
        }
    }

    private static void refuse(HttpExchange exchange, Status code, String why) {
        Status status = code.withDescription(why);
        exchange.send(GatewayError.httpStatus(status.getCode()), HttpExchange.JSON,
                GatewayError.json(status));
    }

    private void call(HttpExchange exchange, GatewayRoute route) {
        GatewayCall call = GatewayCall.start(services.channel(), exchange.context().executor(),
                route, GatewayMetadata.of(exchange.headers()), new LinesSink(exchange));
        exchange.onGone(call::cancel);
        exchange.onWritable(call::resume);
        call.send(exchange.body());
        call.halfClose();
    }

    private void upgrade(HttpExchange exchange, GatewayRoute route) {
        if (!access.allowsWebSocket(exchange.headers())) {
            exchange.send(HttpResponseStatus.FORBIDDEN, HttpExchange.TEXT,
                    "origin not allowed by --cors\n");
            return;
        }
        @Nullable
        GatewaySocket socket = GatewaySocket.open(exchange, messageBytesMax);
        if (socket != null) {
            socket.start(GatewayCall.start(services.channel(), exchange.context().executor(),
                    route, GatewayMetadata.ofWebSocket(exchange.headers()), socket));
            exchange.letGo();
        }
    }
}
