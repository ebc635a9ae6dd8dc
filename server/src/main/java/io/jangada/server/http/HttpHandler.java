// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmType;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.Members;
import io.jangada.server.config.Versions;
import io.jangada.server.member.LocalMember;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** The HTTP/1.1 side of the client port: health, readiness, version, metrics. Netty loop. */
public final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    private final Supplier<Optional<LocalMember>> member;
    private final Supplier<byte[]> metrics;

    /**
     * For one connection.
     *
     * @param member empty while it starts
     * @param metrics in Prometheus' text format
     */
    public HttpHandler(Supplier<Optional<LocalMember>> member, Supplier<byte[]> metrics) {
        this.member = member;
        this.metrics = metrics;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        Reply reply = new Reply(context, HttpUtil.isKeepAlive(request));
        if (!request.method().equals(HttpMethod.GET)) {
            reply.send(HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "Method Not Allowed\n");
            return;
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        switch (uri.path()) {
            case "/version" -> reply.send(HttpResponseStatus.OK, JSON,
                    "{\"etcdserver\":\"" + Versions.ETCD + "\",\"etcdcluster\":\""
                            + Versions.CLUSTER + "\",\"storage\":\"" + Versions.STORAGE + "\"}");
            case "/metrics" -> reply.send(HttpResponseStatus.OK,
                    "text/plain; version=0.0.4; charset=utf-8", metrics.get());
            case "/health" -> health(uri, (healthy, reason) -> reply.send(status(healthy), JSON,
                    "{\"health\":\"" + healthy + "\",\"reason\":\"" + reason + "\"}"));
            case "/livez" -> reply.send(status(member.get().isPresent()), TEXT,
                    member.get().isPresent() ? "ok\n" : "starting\n");
            case "/readyz" -> health(uri, (healthy, reason) -> reply.send(status(healthy), TEXT,
                    healthy ? "ok\n" : reason + "\n"));
            default -> reply.send(HttpResponseStatus.NOT_FOUND, TEXT, "404 page not found\n");
        }
    }

    private static HttpResponseStatus status(boolean healthy) {
        return healthy ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    }

    private void health(QueryStringDecoder uri, BiConsumer<Boolean, String> answer) {
        LocalMember present = member.get().orElse(null);
        if (present == null) {
            answer.accept(false, "RAFT NO LEADER");
            return;
        }
        List<String> excluded = uri.parameters().getOrDefault("exclude", List.of());
        try (ReadView view = present.store().view()) {
            for (AlarmMember alarm : Members.alarms(view)) {
                if (alarm.getAlarm() != AlarmType.NONE
                        && !excluded.contains(alarm.getAlarm().name())) {
                    answer.accept(false, "ALARM " + alarm.getAlarm().name());
                    return;
                }
            }
        }
        if (present.status().leader() == 0) {
            answer.accept(false, "RAFT NO LEADER");
            return;
        }
        if (uri.parameters().getOrDefault("serializable", List.of()).contains("true")) {
            answer.accept(true, "");
            return;
        }
        present.readIndex(() -> answer.accept(true, ""),
                error -> answer.accept(false, "RANGE ERROR:" + error.status().getDescription()));
    }

    private record Reply(ChannelHandlerContext context, boolean keepsAlive) {
        void send(HttpResponseStatus status, String type, String body) {
            send(status, type, body.getBytes(StandardCharsets.UTF_8));
        }

        void send(HttpResponseStatus status, String type, byte[] body) {
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                    status, Unpooled.wrappedBuffer(body));
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, type)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
            HttpUtil.setKeepAlive(response, keepsAlive);
            var written = context.writeAndFlush(response);
            if (!keepsAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }
    }
}
