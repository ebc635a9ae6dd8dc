// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.jangada.server.config.HttpConfig;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Which hosts requests may be for, and which pages may read answers (etcd: accessController). A name
 * that is not expected is refused, as it is how a page of another site reaches a server behind the
 * browser's firewall: by DNS rebinding. Immutable.
 */
record HttpAccess(HttpConfig config) {

    /** The host that {@code request} is for, without its port; empty if it does not say. */
    static String host(HttpHeaders request) {
        String host = request.get(HttpHeaderNames.HOST, "");
        int port = host.lastIndexOf(':');
        boolean hasPort = port >= 0 && port > host.lastIndexOf(']');
        String name = hasPort ? host.substring(0, port) : host;
        return name.startsWith("[") && name.endsWith("]")
                ? name.substring(1, name.length() - 1)
                : name;
    }

    boolean allowsHost(HttpHeaders request) {
        return config.allowsHost(host(request));
    }

    /** Whether a page may open a web socket: browsers do not ask the server for that otherwise. */
    boolean allowsWebSocket(HttpHeaders request) {
        String origin = request.get(HttpHeaderNames.ORIGIN);
        return origin == null || config.allowsOrigin(origin);
    }

    /** The headers by which the answer to {@code request} says which page may read it. */
    HttpHeaders answer(HttpHeaders request) {
        HttpHeaders headers = new DefaultHttpHeaders();
        String origin = request.get(HttpHeaderNames.ORIGIN);
        if (config.allowsAllOrigins()) {
            allow(headers, "*");
        } else if (origin != null && config.allowsOrigin(origin)) {
            allow(headers, origin);
            headers.set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        }
        return headers;
    }

    private static void allow(HttpHeaders headers, String origin) {
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
                "POST, GET, OPTIONS, PUT, DELETE")
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                        "accept, content-type, authorization");
    }
}
