// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.network.tls.TlsContexts;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Connections to other members' client ports, one for each URL: by TLS where it is {@code https}, with the files
 * as they are when a call finds that they have changed. Thread-safe.
 */
public final class MemberChannels implements AutoCloseable {
    private final @Nullable TlsContexts tls;
    private final Map<String, Open> byUrl = new ConcurrentHashMap<>();

    /** A connection, and the TLS that it was opened with. */
    private record Open(ManagedChannel channel, @Nullable SslContext tls) {}

    private MemberChannels(@Nullable TlsContexts tls) {
        this.tls = tls;
    }

    /** Without TLS: members are reached by {@code http}. */
    public static MemberChannels plain() {
        return new MemberChannels(null);
    }

    /** With the certificate and the authorities of {@code tls} where a URL is {@code https}. */
    public static MemberChannels with(TlsContexts tls) {
        return new MemberChannels(tls);
    }

    /** The connection to {@code url}; empty if it is {@code https} and this member has no TLS. */
    Optional<ManagedChannel> to(String url) {
        URI uri = URI.create(url);
        if (!"https".equals(uri.getScheme())) {
            return Optional.of(byUrl.computeIfAbsent(url, ignored -> new Open(
                    builder(uri).usePlaintext().build(), null)).channel());
        }
        TlsContexts contexts = tls;
        if (contexts == null) {
            return Optional.empty();
        }
        contexts.current(ignored -> {}); // To look at the files, for the calls after this one.
        SslContext now = contexts.latest().dialer();
        return Optional.of(byUrl.compute(url, (ignored, open) -> {
            if (open != null && now.equals(open.tls())) {
                return open;
            }
            if (open != null) {
                var unusedSelf = open.channel().shutdown();
            }
            return new Open(builder(uri).sslContext(now).build(), now);
        }).channel());
    }

    private static NettyChannelBuilder builder(URI uri) {
        return NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort()).directExecutor();
    }

    @Override
    public void close() {
        byUrl.values().forEach(open -> open.channel().shutdownNow());
    }
}
