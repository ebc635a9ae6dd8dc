// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.Status;
import io.netty.handler.codec.http.HttpResponseStatus;

/** An answer over HTTP: one JSON text, or a line for each message as soon as it is there. */
final class LinesSink implements GatewaySink {
    private final HttpExchange exchange;
    private boolean hasBegun;

    LinesSink(HttpExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public boolean isWritable() {
        return exchange.isWritable();
    }

    @Override
    public void message(String json) {
        if (!hasBegun) {
            hasBegun = true;
            exchange.begin(HttpResponseStatus.OK, HttpExchange.JSON);
        }
        exchange.piece(json + "\n");
    }

    @Override
    public void only(String json) {
        exchange.send(HttpResponseStatus.OK, HttpExchange.JSON, json);
    }

    @Override
    public void failed(Status status, String json) {
        if (hasBegun) {
            exchange.piece(json + "\n");
            exchange.end();
        } else {
            exchange.send(GatewayError.httpStatus(status.getCode()), HttpExchange.JSON, json);
        }
    }

    @Override
    public void end() {
        if (hasBegun) {
            exchange.end();
        } else {
            exchange.send(HttpResponseStatus.OK, HttpExchange.JSON, "");
        }
    }
}
