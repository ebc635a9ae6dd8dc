// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayErrorTest {

    /** The table of grpc-gateway, all of gRPC's codes. */
    @ParameterizedTest
    @CsvSource({"OK,200", "CANCELLED,499", "UNKNOWN,500", "INVALID_ARGUMENT,400",
        "DEADLINE_EXCEEDED,504", "NOT_FOUND,404", "ALREADY_EXISTS,409", "PERMISSION_DENIED,403",
        "UNAUTHENTICATED,401", "RESOURCE_EXHAUSTED,429", "FAILED_PRECONDITION,400", "ABORTED,409",
        "OUT_OF_RANGE,400", "UNIMPLEMENTED,501", "INTERNAL,500", "UNAVAILABLE,503",
        "DATA_LOSS,500"})
    void codeHasItsStatus(Status.Code code, int status) {
        assertThat(GatewayError.httpStatus(code).code()).isEqualTo(status);
    }

    @Test
    void textIsEscaped() {
        assertThat(GatewayError.json(Status.UNAVAILABLE.withDescription("a \"b\"\n")))
                .isEqualTo("{\"error\":\"a \\\"b\\\"\\n\",\"code\":14,"
                        + "\"message\":\"a \\\"b\\\"\\n\"}");
        assertThat(GatewayError.streamJson(Status.NOT_FOUND)).isEqualTo(
                "{\"error\":{\"grpc_code\":5,\"http_code\":404,\"code\":5,\"message\":\"\","
                        + "\"http_status\":\"Not Found\"}}");
    }
}
