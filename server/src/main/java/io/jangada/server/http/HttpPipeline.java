// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.jangada.network.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpServerCodec;

/** What serves the HTTP/1.1 connections of one kind of listener. Thread-safe: immutable. */
public final class HttpPipeline {
    private final HttpAccess access;
    private final HttpEndpoint endpoint;
    private final int bodyBytesMax;

    HttpPipeline(HttpAccess access, HttpEndpoint endpoint, int bodyBytesMax) {
        this.access = access;
        this.endpoint = endpoint;
        this.bodyBytesMax = bodyBytesMax;
    }

    /**
     * Serves the connection of {@code context} from behind it on. What is there goes: gRPC's handler that
     * keeps back writes until an HTTP/2 connection is up. Called by the connection's loop.
     */
    void addAfter(ChannelHandlerContext context) {
        while (!context.handler().equals(context.pipeline().last())) {
            context.pipeline().removeLast();
        }
        context.pipeline()
                .addAfter(context.name(), null, new HttpHandler(access, endpoint))
                .addAfter(context.name(), null, new BoundedBody(bodyBytesMax))
                .addAfter(context.name(), null, new HttpServerCodec());
    }

    /** Serves connections on which nothing else is spoken, under TLS. */
    ChannelInitializer<Channel> alone(TlsContexts tls) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new TlsOpening(tls, alone()));
            }
        };
    }

    /** Serves connections on which nothing else is spoken. */
    ChannelInitializer<Channel> alone() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new HttpServerCodec(),
                        new BoundedBody(bodyBytesMax),
                        new HttpHandler(access, endpoint));
            }
        };
    }
}
