// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.PutResponse;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.SnapshotRequest;
import io.jangada.api.etcd.SnapshotResponse;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A small blocking client for the program's own commands: one connection for each endpoint, used by
 * one thread.
 */
final class EtcdClient implements AutoCloseable {
    private static final int RESPONSE_BYTES_MAX = Integer.MAX_VALUE;

    private final Map<String, ManagedChannel> channels = new LinkedHashMap<>();
    private final long timeoutMillis;
    /** The endpoint that answered first; empty until one is looked for. */
    private String serving = "";

    /**
     * Without TLS.
     *
     * @param endpoints host:port, with or without http://
     * @param timeoutMillis how long a request may take
     */
    EtcdClient(List<String> endpoints, long timeoutMillis) {
        this(endpoints, new ClientTls(), timeoutMillis);
    }

    /** The same, with {@code tls} where endpoints are https:// or options ask for it. */
    EtcdClient(List<String> endpoints, ClientTls tls, long timeoutMillis) {
        for (String endpoint : endpoints) {
            channels.put(endpoint, tls.prepare(endpoint)
                    .maxInboundMessageSize(RESPONSE_BYTES_MAX).build());
        }
        this.timeoutMillis = timeoutMillis;
    }

    /** Reads from the first member that serves. */
    RangeResponse range(RangeRequest request) {
        return kv(serving()).range(request);
    }

    /** Writes through the first member that serves, once: what became of a failed put is not known. */
    PutResponse put(PutRequest request) {
        return kv(serving()).put(request);
    }

    /** The member's own view; empty if it does not answer. */
    Optional<StatusResponse> status(String endpoint) {
        try {
            ManagedChannel channel = channels.get(endpoint);
            if (channel == null) {
                throw new IllegalArgumentException("not one of the endpoints: " + endpoint);
            }
            return Optional.of(MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
                    .status(StatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException ignored) {
            return Optional.empty();
        }
    }

    /** The whole state of the first member that serves, part by part, however long it takes. */
    Iterator<SnapshotResponse> snapshot() {
        return MaintenanceGrpc.newBlockingStub(channels.get(serving()))
                .snapshot(SnapshotRequest.getDefaultInstance());
    }

    private String serving() {
        if (serving.isEmpty()) {
            serving = findServing();
        }
        return serving;
    }

    private String findServing() {
        for (String endpoint : channels.keySet()) {
            if (status(endpoint).isPresent()) {
                return endpoint;
            }
        }
        throw new IllegalStateException(
                "no member answers at " + String.join(", ", channels.keySet()));
    }

    private KVGrpc.KVBlockingStub kv(String endpoint) {
        return KVGrpc.newBlockingStub(channels.get(endpoint))
                .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
