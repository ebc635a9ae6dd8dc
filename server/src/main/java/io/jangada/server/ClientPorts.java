// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.NettyServerBuilder;
import io.jangada.network.HostPort;
import io.jangada.network.tls.TlsContexts;
import io.jangada.server.answer.LongAnswers;
import io.jangada.server.config.ClientLimits;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import io.jangada.server.grpc.GatedRegistry;
import io.jangada.server.http.ClientPortNegotiator;
import io.jangada.server.http.ConnectionLimit;
import io.jangada.server.http.HttpListener;
import io.jangada.server.http.HttpPipeline;
import io.jangada.server.http.HttpSite;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The ports that clients come to: gRPC, with HTTP on the same ports unless it has its own, and HTTP. They answer as
 * soon as they are open, with whatever the registry has by then. Opened and closed by one thread.
 */
final class ClientPorts implements AutoCloseable {
    /** What a frame may have besides the request (etcd: grpcOverheadBytes). */
    private static final int OVERHEAD_BYTES = 512 << 10;
    private static final int METRICS_CONNECTIONS_MAX = 256;

    private final ServerConfig config;
    private final EventLoopGroup netty;
    private final GatedRegistry registry;
    private final ServerStreamTracer.Factory metrics;
    private final HttpSite site;
    private final @Nullable TlsContexts tls;
    private final List<Server> servers = new ArrayList<>();
    private final List<Listening> listening = new ArrayList<>();
    private final List<HttpListener> listeners = new ArrayList<>();
    private final List<InetSocketAddress> clientAddresses = new ArrayList<>();
    private final ConnectionLimit connections;
    private final LongAnswers answers;

    /**
     * Ports that are not open yet.
     *
     * @param site what is served over HTTP; belongs to this from now on
     * @param answers the long ones that the services announce
     * @param tls how {@code https} URLs are served
     */
    ClientPorts(ServerConfig config, EventLoopGroup netty, GatedRegistry registry,
            ServerStreamTracer.Factory metrics, HttpSite site, LongAnswers answers,
            @Nullable TlsContexts tls) {
        this.config = config;
        this.answers = answers;
        this.netty = netty;
        this.registry = registry;
        this.metrics = metrics;
        this.site = site;
        this.tls = tls;
        this.connections = new ConnectionLimit(config.limits().connectionsMax());
    }

    /**
     * Opens them all.
     *
     * @throws StartException if one is in use, or cannot be had; those before it stay open until {@link #close}
     */
    void open() throws StartException {
        for (ServerUrl url : config.listenClientUrls()) {
            Listening at = Listening.at(url);
            Server server = serverAt(url, at);
            try {
                at.clear();
                server.start();
            } catch (IOException busy) {
                throw new StartException("cannot listen on client URL " + url + ": "
                        + BindReason.of(busy), busy);
            }
            listening.add(at);
            servers.add(server);
            if (!url.isSocket()) {
                clientAddresses
                        .add(new InetSocketAddress(url.hostPort().host(), server.getPort()));
            }
        }
        openHttp("--listen-client-http-urls", config.http().listenClientHttpUrls(),
                connections, site.clients());
        // Of their own: figures are wanted most when clients have taken all connections.
        openHttp("--listen-metrics-urls", config.http().listenMetricsUrls(),
                new ConnectionLimit(METRICS_CONNECTIONS_MAX), site.metricsOnly());
    }

    /** Where clients are served, with the ports that were bound. */
    List<InetSocketAddress> clientAddresses() {
        return List.copyOf(clientAddresses);
    }

    /** Where HTTP alone is served: for clients, then for metrics; with the ports that were bound. */
    List<InetSocketAddress> httpAddresses() {
        return listeners.stream().map(HttpListener::address)
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast).toList();
    }

    private void openHttp(String flag, List<ServerUrl> urls, ConnectionLimit limit,
            HttpPipeline pipeline)
            throws StartException {
        for (ServerUrl url : urls) {
            Listening at = Listening.at(url);
            TlsContexts encrypted = url.isTls() ? tls : null;
            try {
                at.clear();
                listeners.add(encrypted == null
                        ? HttpListener.bind(netty, at.channel(), at.address(), limit, pipeline)
                        : HttpListener.bind(netty, at.channel(), at.address(), limit, pipeline,
                                encrypted));
                listening.add(at);
            } catch (IOException busy) {
                throw new StartException("cannot listen on " + flag + " " + url + ": "
                        + BindReason.of(busy), busy);
            }
        }
    }

    static InetSocketAddress address(HostPort at) {
        return new InetSocketAddress(at.host(), at.port());
    }

    private Server serverAt(ServerUrl url, Listening at) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(at.address())
                .bossEventLoopGroup(netty).workerEventLoopGroup(netty).channelType(at.channel())
                .directExecutor().fallbackHandlerRegistry(registry).addStreamTracerFactory(metrics)
                .maxInboundMessageSize(config.maxRequestBytes() + OVERHEAD_BYTES)
                .maxConcurrentCallsPerConnection(config.maxConcurrentStreams())
                .permitKeepAliveTime(config.grpcKeepaliveMinTime().toMillis(),
                        TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true).protocolNegotiator(negotiator(url));
        if (!config.grpcKeepaliveInterval().isZero()) {
            builder.keepAliveTime(config.grpcKeepaliveInterval().toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTimeout(config.grpcKeepaliveTimeout().isZero()
                            ? Long.MAX_VALUE
                            : config.grpcKeepaliveTimeout().toMillis(), TimeUnit.MILLISECONDS);
        }
        if (config.limits().streamResetsMax() > 0) {
            builder.maxRstFramesPerWindow(config.limits().streamResetsMax(),
                    ClientLimits.RESETS_SECONDS);
        }
        return builder.build();
    }

    private ClientPortNegotiator negotiator(ServerUrl url) {
        ClientPortNegotiator negotiator = ClientPortNegotiator.grpc(connections,
                config.maxConcurrentStreams(), config.limits().stallTimeout(), answers);
        if (config.http().listenClientHttpUrls().isEmpty()) {
            negotiator = negotiator.withHttp(site.clients());
        }
        return url.isTls() && tls != null ? negotiator.withTls(tls) : negotiator;
    }

    @Override
    public void close() {
        site.close();
        listeners.reversed().forEach(HttpListener::close);
        servers.reversed().forEach(Server::shutdownNow);
        listening.forEach(Listening::forget);
    }
}
