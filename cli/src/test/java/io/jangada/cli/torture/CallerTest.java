// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.jangada.checker.history.Response;
import io.jangada.server.error.EtcdError;
import java.io.EOFException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

/** Only what certainly did nothing is refused. */
class CallerTest {
    @Test
    void whatWasNeverSentIsRefused() {
        assertThat(Caller.failure(Status.UNAVAILABLE
                .withCause(new IllegalStateException(new ConnectException("refused")))
                .asRuntimeException()))
                .isEqualTo(new Response.Refused(Response.Reason.OTHER));
    }

    @Test
    void aBrokenConnectionAndATimeoutAreUnknown() {
        assertThat(Caller.failure(Status.UNAVAILABLE.withCause(new EOFException("gone"))
                .asRuntimeException())).isEqualTo(new Response.Unknown());
        assertThat(Caller.failure(Status.DEADLINE_EXCEEDED.asRuntimeException()))
                .isEqualTo(new Response.Unknown());
        assertThat(Caller.failure(EtcdError.TIMEOUT.exception()))
                .isEqualTo(new Response.Unknown());
        assertThat(Caller.failure(EtcdError.LEADER_CHANGED.exception()))
                .isEqualTo(new Response.Unknown());
    }

    @Test
    void theServersReasonsAreTold() {
        assertThat(Caller.failure(EtcdError.COMPACTED.exception()))
                .isEqualTo(new Response.Refused(Response.Reason.COMPACTED));
        assertThat(Caller.failure(EtcdError.LEASE_NOT_FOUND.exception()))
                .isEqualTo(new Response.Refused(Response.Reason.LEASE_NOT_FOUND));
    }
}
