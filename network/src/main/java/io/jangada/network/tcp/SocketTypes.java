// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * The sockets that go with a group of event loops. Immutable.
 *
 * @param stream for connections
 * @param server for listening
 */
record SocketTypes(Class<? extends SocketChannel> stream,
        Class<? extends ServerSocketChannel> server) {

    /** Above 1 MiB not yet taken by the operating system, a connection is given no more, until it is below 256 KiB. */
    static final WriteBufferWaterMark WATERMARKS = new WriteBufferWaterMark(256 << 10, 1 << 20);

    static SocketTypes of(EventLoopGroup loops) {
        if (loops instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class)) {
            return new SocketTypes(EpollSocketChannel.class, EpollServerSocketChannel.class);
        }
        if (loops instanceof IoEventLoopGroup io && io.isIoType(NioIoHandler.class)) {
            return new SocketTypes(NioSocketChannel.class, NioServerSocketChannel.class);
        }
        throw new IllegalArgumentException("event loops are neither epoll nor NIO: " + loops);
    }
}
