// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

/** What is served at some path. Called on the Netty loop of the connection, which it must not block. */
@FunctionalInterface
interface HttpEndpoint {
    /** Answers now or later, once. */
    void handle(HttpExchange exchange);
}
