// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import io.grpc.ManagedChannel;
import java.util.concurrent.TimeUnit;

/**
 * How connections are made and how long is waited. Immutable.
 *
 * @param tls for endpoints that have it
 * @param requestTimeoutMillis for a request
 * @param dialTimeoutMillis for finding out whether a member serves
 * @param keepaliveMillis between signs of life on a connection that is used
 * @param keepaliveTimeoutMillis until a connection without an answer to them is given up
 */
record Connecting(ClientTls tls, long requestTimeoutMillis, long dialTimeoutMillis,
        long keepaliveMillis, long keepaliveTimeoutMillis) {

    private static final int RESPONSE_BYTES_MAX = Integer.MAX_VALUE;
    static final long KEEPALIVE_MILLIS = 2_000;
    static final long KEEPALIVE_TIMEOUT_MILLIS = 6_000;

    /** Without TLS, with one time limit for everything. */
    static Connecting plain(long timeoutMillis) {
        return new Connecting(new ClientTls(), timeoutMillis, timeoutMillis, KEEPALIVE_MILLIS,
                KEEPALIVE_TIMEOUT_MILLIS);
    }

    /** A connection that is made when it is needed. */
    ManagedChannel channel(String endpoint) {
        return tls.prepare(endpoint).maxInboundMessageSize(RESPONSE_BYTES_MAX)
                .keepAliveTime(keepaliveMillis, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(keepaliveTimeoutMillis, TimeUnit.MILLISECONDS).build();
    }
}
