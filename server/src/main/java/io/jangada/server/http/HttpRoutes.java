// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/**
 * What is served where. Immutable.
 *
 * @param exact endpoints by their paths
 * @param prefix where {@code below} begins
 * @param below serves what is under {@code prefix} and has no path of its own
 */
record HttpRoutes(Map<String, HttpEndpoint> exact, String prefix, HttpEndpoint below)
        implements
            HttpEndpoint {

    HttpRoutes {
        exact = Map.copyOf(exact);
    }

    /** Nothing but {@code exact}. */
    static HttpRoutes of(Map<String, HttpEndpoint> exact) {
        return new HttpRoutes(exact, "/", HttpRoutes::notFound);
    }

    @Override
    public void handle(HttpExchange exchange) {
        HttpEndpoint endpoint = exact.get(exchange.path());
        if (endpoint != null) {
            endpoint.handle(exchange);
        } else if (exchange.path().startsWith(prefix)) {
            below.handle(exchange);
        } else {
            notFound(exchange);
        }
    }

    static void notFound(HttpExchange exchange) {
        exchange.send(HttpResponseStatus.NOT_FOUND, HttpExchange.TEXT, "404 page not found\n");
    }
}
