// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import com.google.gson.JsonObject;
import io.grpc.Status;
import io.netty.handler.codec.http.HttpResponseStatus;

/** How a call that failed is told over HTTP (grpc-gateway: HTTPStatusFromCode). */
final class GatewayError {
    private static final HttpResponseStatus CLIENT_CLOSED_REQUEST = new HttpResponseStatus(499,
            "Client Closed Request");

    private GatewayError() {}

    /** The HTTP status of {@code code}. */
    static HttpResponseStatus httpStatus(Status.Code code) {
        return switch (code) {
            case OK -> HttpResponseStatus.OK;
            case CANCELLED -> CLIENT_CLOSED_REQUEST;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE ->
                HttpResponseStatus.BAD_REQUEST;
            case DEADLINE_EXCEEDED -> HttpResponseStatus.GATEWAY_TIMEOUT;
            case NOT_FOUND -> HttpResponseStatus.NOT_FOUND;
            case ALREADY_EXISTS, ABORTED -> HttpResponseStatus.CONFLICT;
            case PERMISSION_DENIED -> HttpResponseStatus.FORBIDDEN;
            case UNAUTHENTICATED -> HttpResponseStatus.UNAUTHORIZED;
            case RESOURCE_EXHAUSTED -> HttpResponseStatus.TOO_MANY_REQUESTS;
            case UNIMPLEMENTED -> HttpResponseStatus.NOT_IMPLEMENTED;
            case UNAVAILABLE -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            case UNKNOWN, INTERNAL, DATA_LOSS -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
        };
    }

    /** The body that tells {@code status}; {@code error} is what older gateways called it. */
    static String json(Status status) {
        String message = status.getDescription() == null ? "" : status.getDescription();
        JsonObject error = new JsonObject();
        error.addProperty("error", message);
        error.addProperty("code", status.getCode().value());
        error.addProperty("message", message);
        return error.toString();
    }

    /** The last line of a stream that {@code status} ended. */
    static String streamJson(Status status) {
        JsonObject error = new JsonObject();
        HttpResponseStatus http = httpStatus(status.getCode());
        error.addProperty("grpc_code", status.getCode().value());
        error.addProperty("http_code", http.code());
        error.addProperty("code", status.getCode().value());
        error.addProperty("message",
                status.getDescription() == null ? "" : status.getDescription());
        error.addProperty("http_status", http.reasonPhrase());
        JsonObject line = new JsonObject();
        line.add("error", error);
        return line.toString();
    }
}
