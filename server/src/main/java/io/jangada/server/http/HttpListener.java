// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.jangada.network.tls.TlsContexts;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.SocketAddress;

/** A port on which nothing but HTTP/1.1 is spoken. Thread-safe. */
public final class HttpListener implements AutoCloseable {
    private final Channel channel;

    private HttpListener(Channel channel) {
        this.channel = channel;
    }

    /**
     * Listens at {@code address}; blocks until it does, so not for an event loop.
     *
     * @param limit counts its connections
     * @throws IOException if the address cannot be had
     */
    public static HttpListener bind(EventLoopGroup loops, Class<? extends ServerChannel> type,
            SocketAddress address, ConnectionLimit limit, HttpPipeline pipeline)
            throws IOException {
        return bind(loops, type, address, limit, pipeline.alone());
    }

    /** The same, under TLS. */
    public static HttpListener bind(EventLoopGroup loops, Class<? extends ServerChannel> type,
            SocketAddress address, ConnectionLimit limit, HttpPipeline pipeline,
            TlsContexts tls)
            throws IOException {
        return bind(loops, type, address, limit, pipeline.alone(tls));
    }

    private static HttpListener bind(EventLoopGroup loops, Class<? extends ServerChannel> type,
            SocketAddress address, ConnectionLimit limit,
            ChannelInitializer<Channel> connections)
            throws IOException {
        ChannelFuture bound = new ServerBootstrap().group(loops).channel(type)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (limit.admit(channel)) {
                            channel.pipeline().addLast(connections);
                        }
                    }
                }).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("address in use or not available", bound.cause());
        }
        return new HttpListener(bound.channel());
    }

    /** Where it listens, with the port that was bound. */
    public SocketAddress address() {
        return channel.localAddress();
    }

    /** Listens no more. Connections stay until their loop ends. */
    @Override
    public void close() {
        var ignored = channel.close().awaitUninterruptibly();
    }
}
