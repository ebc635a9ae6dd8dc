// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.AuthenticateRequest;
import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import io.jangada.cli.print.CommandFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A small blocking client for the program's own commands: one connection for each endpoint, used by one thread. What
 * has a deadline waits so long for a connection, too. A request is sent once: what became of one that failed is not
 * known.
 */
public final class EtcdClient implements AutoCloseable {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final String AUTH_IS_OFF = "etcdserver: authentication is not enabled";

    private final Map<String, ManagedChannel> channels = new LinkedHashMap<>();
    private final Connecting connecting;
    private final Credentials credentials;
    /** The endpoint that answered first; empty until one is looked for. */
    private String serving = "";
    /** With the user's token, made when it is needed first. */
    private final Map<String, Channel> authenticated = new LinkedHashMap<>();

    /**
     * Without TLS and user.
     *
     * @param endpoints host:port, with or without http://
     * @param timeoutMillis how long a request may take
     */
    public EtcdClient(List<String> endpoints, long timeoutMillis) {
        this(endpoints, Connecting.plain(timeoutMillis), Credentials.NONE);
    }

    /**
     * For commands.
     *
     * @throws IllegalArgumentException if a file of TLS is no good
     */
    EtcdClient(List<String> endpoints, Connecting connecting, Credentials credentials) {
        this.connecting = connecting;
        this.credentials = credentials;
        for (String endpoint : endpoints) {
            channels.put(endpoint, connecting.channel(endpoint));
        }
    }

    /** A client of other endpoints, connected in the same way. */
    public EtcdClient of(List<String> endpoints) {
        return new EtcdClient(endpoints, connecting, credentials);
    }

    /** The endpoints, in the order given. */
    public List<String> endpoints() {
        return List.copyOf(channels.keySet());
    }

    /** Keys and values of the first member that serves. */
    public KVGrpc.KVBlockingStub kv() {
        return inTime(KVGrpc.newBlockingStub(channel()));
    }

    /** Leases. */
    public LeaseGrpc.LeaseBlockingStub lease() {
        return inTime(LeaseGrpc.newBlockingStub(channel()));
    }

    /** Members. */
    public ClusterGrpc.ClusterBlockingStub cluster() {
        return inTime(ClusterGrpc.newBlockingStub(channel()));
    }

    /** Users and roles. */
    public AuthGrpc.AuthBlockingStub auth() {
        return inTime(AuthGrpc.newBlockingStub(channel()));
    }

    /** Alarms, and all else that concerns a member itself. */
    public MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
        return inTime(MaintenanceGrpc.newBlockingStub(channel()));
    }

    /** Keys and values of one endpoint. */
    public KVGrpc.KVBlockingStub kv(String endpoint) {
        return inTime(KVGrpc.newBlockingStub(channel(endpoint)));
    }

    /** What concerns the member at one endpoint. */
    public MaintenanceGrpc.MaintenanceBlockingStub maintenance(String endpoint) {
        return inTime(MaintenanceGrpc.newBlockingStub(channel(endpoint)));
    }

    /**
     * The first member that serves, with the user's token, for what has no deadline.
     *
     * @throws CommandFailure if none serves or the user is refused
     */
    public Channel channel() {
        if (serving.isEmpty()) {
            serving = findServing();
        }
        return channel(serving);
    }

    /** The member's own view; empty if it does not answer in time. */
    public Optional<StatusResponse> status(String endpoint) {
        try {
            return Optional.of(MaintenanceGrpc.newBlockingStub(plain(endpoint))
                    .withDeadlineAfter(connecting.requestTimeoutMillis(), TimeUnit.MILLISECONDS)
                    .status(StatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException ignored) {
            return Optional.empty();
        }
    }

    private <S extends AbstractStub<S>> S inTime(S stub) {
        return stub.withWaitForReady().withDeadlineAfter(connecting.requestTimeoutMillis(),
                TimeUnit.MILLISECONDS);
    }

    private Channel plain(String endpoint) {
        ManagedChannel channel = channels.get(endpoint);
        if (channel == null) {
            throw new IllegalArgumentException("not one of the endpoints: " + endpoint);
        }
        return channel;
    }

    /** A lone endpoint is waited for; of several, the first is taken that answers, be it by a refusal. */
    private String findServing() {
        if (channels.isEmpty()) {
            throw CommandFailure.badConnection("etcdclient: no available endpoints");
        }
        if (channels.size() == 1) {
            return channels.keySet().iterator().next();
        }
        return channels.keySet().stream().filter(this::answers).findFirst()
                .orElseThrow(() -> CommandFailure.error(Refusals.OUT_OF_TIME));
    }

    private boolean answers(String endpoint) {
        try {
            MaintenanceGrpc.newBlockingStub(plain(endpoint))
                    .withDeadlineAfter(connecting.dialTimeoutMillis(), TimeUnit.MILLISECONDS)
                    .status(StatusRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException refused) {
            Code code = refused.getStatus().getCode();
            return code != Code.UNAVAILABLE && code != Code.DEADLINE_EXCEEDED;
        }
    }

    private Channel channel(String endpoint) {
        if (!credentials.isGiven()) {
            return plain(endpoint);
        }
        return authenticated.computeIfAbsent(endpoint, this::authenticate);
    }

    private Channel authenticate(String endpoint) {
        try {
            var headers = new Metadata();
            headers.put(TOKEN, inTime(AuthGrpc.newBlockingStub(plain(endpoint)))
                    .authenticate(AuthenticateRequest.newBuilder().setName(credentials.user())
                            .setPassword(credentials.password()).build())
                    .getToken());
            return ClientInterceptors.intercept(plain(endpoint),
                    MetadataUtils.newAttachHeadersInterceptor(headers));
        } catch (StatusRuntimeException refused) {
            if (AUTH_IS_OFF.equals(refused.getStatus().getDescription())) {
                return plain(endpoint);
            }
            throw CommandFailure.badConnection(Refusals.text(refused.getStatus()));
        }
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
