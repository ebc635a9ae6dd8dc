// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.discovery;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.AuthenticateRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.server.config.RegistryConfig;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A blocking client of a registry, used by one thread. It talks to one endpoint until that fails, and to the next
 * one from then on. What fails is a StatusRuntimeException; a request is not sent again by itself.
 */
final class RegistryClient implements AutoCloseable {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final String AUTH_IS_OFF = "etcdserver: authentication is not enabled";

    private final RegistryConfig config;
    private int endpoint;
    private @Nullable ManagedChannel connection;
    /** The connection, with the user's token if there is a user. */
    private @Nullable Channel channel;

    /** What a watch tells first: a change, or why there is none to wait for. Told by gRPC's threads. */
    private static final class Change implements StreamObserver<WatchResponse> {
        private final CompletableFuture<Optional<Status>> first = new CompletableFuture<>();

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCanceled() && response.getCompactRevision() == 0) {
                first.complete(Optional.of(Status.PERMISSION_DENIED
                        .withDescription(response.getCancelReason())));
            } else if (response.getCanceled() || response.getEventsCount() > 0) {
                first.complete(Optional.empty());
            }
        }

        @Override
        public void onError(Throwable failed) {
            first.complete(Optional.of(Status.fromThrowable(failed)));
        }

        @Override
        public void onCompleted() {
            first.complete(Optional.of(Status.UNAVAILABLE.withDescription("the watch ended")));
        }

        Optional<Status> await() throws InterruptedException {
            try {
                return first.get();
            } catch (ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** A request on a channel that is open. */
    private interface Request<T> {
        T on(Channel channel);
    }

    RegistryClient(RegistryConfig config) {
        this.config = config;
    }

    /** The value of {@code key}, by a linearizable read. */
    Optional<ByteString> get(String key) throws DiscoveryException {
        RangeResponse found = ask(open -> inTime(KVGrpc.newBlockingStub(open))
                .range(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build()));
        return found.getKvsCount() == 0
                ? Optional.empty()
                : Optional.of(found.getKvs(0).getValue());
    }

    /** All whose keys begin with {@code prefix}, which ends with a slash. */
    RangeResponse getAll(String prefix) throws DiscoveryException {
        return ask(open -> inTime(KVGrpc.newBlockingStub(open))
                .range(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(prefix))
                        .setRangeEnd(behind(prefix)).build()));
    }

    void put(String key, String value) throws DiscoveryException {
        var ignored = ask(open -> inTime(KVGrpc.newBlockingStub(open))
                .put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value)).build()));
    }

    /**
     * Waits for a change of keys that begin with {@code prefix}, from {@code revision} on, or until a compaction has
     * gone beyond: who waits looks again.
     */
    void awaitChange(String prefix, long revision)
            throws DiscoveryException, InterruptedException {
        Change change = new Change();
        StreamObserver<WatchRequest> requests = ask(
                open -> WatchGrpc.newStub(open).watch(change));
        requests.onNext(WatchRequest.newBuilder().setCreateRequest(WatchCreateRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(prefix)).setRangeEnd(behind(prefix))
                .setStartRevision(revision)).build());
        Optional<Status> failure = change.await();
        if (failure.isPresent()) {
            throw failed(failure.get().asRuntimeException());
        }
        ((ClientCallStreamObserver<WatchRequest>) requests).cancel("seen", null);
    }

    private static ByteString behind(String prefix) {
        return ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1));
    }

    private <T> T ask(Request<T> request) throws DiscoveryException {
        try {
            Channel open = channel;
            return request.on(open == null ? open() : open);
        } catch (StatusRuntimeException failed) {
            throw failed(failed);
        }
    }

    /* The next request goes to the next endpoint, if it is sent at all. */
    private StatusRuntimeException failed(StatusRuntimeException failed)
            throws DiscoveryException {
        close();
        endpoint++;
        Code code = failed.getStatus().getCode();
        if (code == Code.PERMISSION_DENIED || code == Code.INVALID_ARGUMENT) {
            throw new DiscoveryException("discovery: the registry refuses: "
                    + failed.getStatus().getDescription(), failed);
        }
        return failed;
    }

    private Channel open() {
        ManagedChannel made = connect(
                config.endpoints().get(endpoint % config.endpoints().size()));
        connection = made;
        Channel open = config.user().isEmpty() ? made : authenticated(made);
        channel = open;
        return open;
    }

    private ManagedChannel connect(String address) {
        RegistryConfig.Times times = config.times();
        int scheme = address.indexOf("://");
        NettyChannelBuilder builder = NettyChannelBuilder
                .forTarget(scheme < 0 ? address : address.substring(scheme + 3))
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.clamp(times.dial().toMillis(), 1, Integer.MAX_VALUE))
                .keepAliveTime(times.keepalive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(times.keepaliveTimeout().toMillis(), TimeUnit.MILLISECONDS);
        boolean isEncrypted = address.startsWith("https://")
                || (scheme < 0 && config.tls().byDefault());
        return isEncrypted ? encrypted(builder).build() : builder.usePlaintext().build();
    }

    private NettyChannelBuilder encrypted(NettyChannelBuilder builder) {
        RegistryConfig.Tls tls = config.tls();
        try {
            SslContextBuilder context = GrpcSslContexts.forClient();
            if (!tls.certificate().isEmpty()) {
                context.keyManager(new File(tls.certificate()), new File(tls.key()));
            }
            if (tls.takesEveryone()) {
                context.trustManager(InsecureTrustManagerFactory.INSTANCE);
            } else if (!tls.authority().isEmpty()) {
                context.trustManager(new File(tls.authority()));
            }
            return builder.sslContext(context.build());
        } catch (SSLException | IllegalArgumentException refused) {
            Throwable why = refused.getCause() == null ? refused : refused.getCause();
            throw new IllegalArgumentException("--discovery-cacert, --discovery-cert or"
                    + " --discovery-key is no good: " + why.getMessage(), refused);
        }
    }

    private Channel authenticated(Channel plain) {
        try {
            Metadata headers = new Metadata();
            headers.put(TOKEN,
                    inTime(AuthGrpc.newBlockingStub(plain))
                            .authenticate(AuthenticateRequest.newBuilder().setName(config.user())
                                    .setPassword(config.password()).build())
                            .getToken());
            return ClientInterceptors.intercept(plain,
                    MetadataUtils.newAttachHeadersInterceptor(headers));
        } catch (StatusRuntimeException refused) {
            if (AUTH_IS_OFF.equals(refused.getStatus().getDescription())) {
                return plain;
            }
            throw refused;
        }
    }

    private <S extends AbstractStub<S>> S inTime(S stub) {
        Duration all = config.times().dial().plus(config.times().request());
        return stub.withDeadlineAfter(all.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ManagedChannel open = connection;
        connection = null;
        channel = null;
        if (open != null) {
            var ignored = open.shutdownNow();
        }
    }
}
