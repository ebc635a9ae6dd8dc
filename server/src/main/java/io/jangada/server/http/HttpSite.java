// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.HandlerRegistry;
import io.grpc.ServerStreamTracer;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.Versions;
import io.jangada.server.member.LocalMember;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All that one member serves over HTTP/1.1: health, version, metrics, and the API as JSON. Thread-safe. */
public final class HttpSite implements AutoCloseable {
    private static final String V3 = "/v3/";
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int FRAME_BYTES = 512 << 10;

    private final LocalChannel services;
    private final HttpPipeline clients;
    private final HttpPipeline metricsOnly;

    /**
     * The site of one member.
     *
     * @param member empty while it starts
     * @param metrics in Prometheus' text format
     * @param services what the JSON API calls
     * @param tracers see these calls
     */
    public HttpSite(ServerConfig config, Supplier<Optional<LocalMember>> member,
            Supplier<byte[]> metrics, HandlerRegistry services,
            ServerStreamTracer.Factory tracers) {
        int messageBytesMax = config.maxRequestBytes() + FRAME_BYTES;
        // In JSON, bytes are Base64.
        int bodyBytesMax = (int) Math.min(Integer.MAX_VALUE, messageBytesMax * 4L / 3);
        this.services = new LocalChannel(services, tracers);
        HttpAccess access = new HttpAccess(config.http());
        Map<String, HttpEndpoint> probes = probes(member, metrics);
        this.metricsOnly = new HttpPipeline(access, HttpRoutes.of(probes), FRAME_BYTES);
        Map<String, HttpEndpoint> all = new TreeMap<>(probes);
        all.put("/version", HttpSite::version);
        HttpRoutes routes = config.http().gateway()
                ? new HttpRoutes(all, V3, new Gateway(this.services, access, bodyBytesMax))
                : HttpRoutes.of(all);
        this.clients = new HttpPipeline(access, routes, bodyBytesMax);
    }

    private static Map<String, HttpEndpoint> probes(Supplier<Optional<LocalMember>> member,
            Supplier<byte[]> metrics) {
        Map<String, HttpEndpoint> probes = new TreeMap<>();
        probes.put("/health", new HealthEndpoint(member));
        probes.put("/metrics", exchange -> {
            if (exchange.isGet()) {
                exchange.send(HttpResponseStatus.OK, METRICS_TYPE, metrics.get());
            }
        });
        probes.putAll(ChecksEndpoint.at("/livez", member, List.of(MemberCheck.SERIALIZABLE_READ)));
        probes.putAll(ChecksEndpoint.at("/readyz", member, List.of(MemberCheck.values())));
        return probes;
    }

    private static void version(HttpExchange exchange) {
        if (exchange.isGet()) {
            exchange.send(HttpResponseStatus.OK, HttpExchange.JSON,
                    "{\"etcdserver\":\"" + Versions.ETCD + "\",\"etcdcluster\":\""
                            + Versions.CLUSTER + "\",\"storage\":\"" + Versions.STORAGE + "\"}");
        }
    }

    /** What clients get. */
    public HttpPipeline clients() {
        return clients;
    }

    /** What those get who watch over the member: metrics and health. */
    public HttpPipeline metricsOnly() {
        return metricsOnly;
    }

    /** Ends the calls of the JSON API. */
    @Override
    public void close() {
        services.close();
    }
}
