// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection: answers its requests one after the other, in the order in which they came.
 * While requests wait, nothing more is read, so what waits is at most what one read brings. Netty loop.
 */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOGGER = LoggerFactory.getLogger(HttpHandler.class);

    private final HttpAccess access;
    private final HttpEndpoint endpoint;
    private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
    private @Nullable HttpExchange current;

    /** For one connection, whose requests {@code endpoint} answers. */
    HttpHandler(HttpAccess access, HttpEndpoint endpoint) {
        this.access = access;
        this.endpoint = endpoint;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (current == null) {
            answer(context, request.retain());
        } else {
            waiting.add(request.retain());
            context.channel().config().setAutoRead(false);
        }
    }

    private void answer(ChannelHandlerContext context, FullHttpRequest request) {
        HttpExchange exchange = new HttpExchange(context, request,
                access.answer(request.headers()), () -> {
                    current = null;
                    next(context);
                });
        current = exchange;
        if (!request.decoderResult().isSuccess()) {
            exchange.send(HttpResponseStatus.BAD_REQUEST, HttpExchange.TEXT, "Bad Request\n");
        } else if (!isSecure(context) && !access.allowsHost(request.headers())) {
            exchange.send(HttpResponseStatus.MISDIRECTED_REQUEST, HttpExchange.TEXT,
                    misdirected(HttpAccess.host(request.headers())));
        } else if (request.method().equals(HttpMethod.OPTIONS)) {
            exchange.send(HttpResponseStatus.OK, HttpExchange.TEXT, "");
        } else {
            endpoint.handle(exchange);
        }
    }

    /* A page of another name has no certificate for it. */
    private static boolean isSecure(ChannelHandlerContext context) {
        return context.pipeline().get(SslHandler.class) != null;
    }

    private static String misdirected(String host) {
        return "The host \"" + host + "\" is not in this server's --host-whitelist, which guards"
                + " against DNS rebinding (CVE-2018-5702): add it there if clients may use it.\n";
    }

    /* As a task of its own, so that a hundred requests that came at once are not a hundred frames deep. */
    private void next(ChannelHandlerContext context) {
        if (waiting.isEmpty()) {
            return;
        }
        context.executor().execute(() -> {
            FullHttpRequest request = current == null ? waiting.poll() : null;
            if (request == null) {
                return;
            }
            if (waiting.isEmpty()) {
                context.channel().config().setAutoRead(true);
            }
            answer(context, request);
        });
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        HttpExchange exchange = current;
        if (exchange != null && context.channel().isWritable()) {
            exchange.becameWritable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        HttpExchange exchange = current;
        if (exchange != null) {
            exchange.goneAway();
        }
        waiting.forEach(FullHttpRequest::release);
        waiting.clear();
        context.fireChannelInactive();
    }

    /* A client that goes away in the middle is nobody's fault. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOGGER.warn("request failed unexpectedly", cause);
        }
        var ignored = context.close();
    }
}
