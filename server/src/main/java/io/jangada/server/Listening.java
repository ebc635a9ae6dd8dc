// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.server.config.ServerUrl;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a URL is listened at. Immutable.
 *
 * @param address to bind
 * @param channel that binds it
 * @param files that stand for it: one, or none where it is in the network
 */
record Listening(SocketAddress address, Class<? extends ServerChannel> channel,
        List<Path> files) {

    private static final Logger LOGGER = LoggerFactory.getLogger(Listening.class);

    Listening {
        files = List.copyOf(files);
    }

    static Listening at(ServerUrl url) {
        return switch (url.place()) {
            case ServerUrl.Place.Tcp(var hostPort) -> new Listening(ClientPorts.address(hostPort),
                    Epoll.isAvailable()
                            ? EpollServerSocketChannel.class
                            : NioServerSocketChannel.class,
                    List.of());
            case ServerUrl.Place.Socket(Path file) -> Epoll.isAvailable()
                    ? new Listening(new DomainSocketAddress(file.toString()),
                            EpollServerDomainSocketChannel.class, List.of(file))
                    : new Listening(UnixDomainSocketAddress.of(file),
                            NioServerDomainSocketChannel.class, List.of(file));
        };
    }

    /**
     * Removes the socket of a process that is gone, which keeps others from binding (etcd removes whatever is
     * there).
     *
     * @throws IOException if somebody listens there, or the file is no socket
     */
    void clear() throws IOException {
        for (Path socket : files) {
            clear(socket);
        }
    }

    private static void clear(Path socket) throws IOException {
        try {
            if (!Files.readAttributes(socket, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS).isOther()) {
                throw new BindException(socket + " is there, and is no socket");
            }
        } catch (NoSuchFileException free) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (SocketException nobody) {
            Files.delete(socket);
            return;
        }
        throw new BindException("another process listens at " + socket);
    }

    /** Removes the socket, which nobody listens at any more. */
    void forget() {
        for (Path socket : files) {
            try {
                Files.deleteIfExists(socket);
            } catch (IOException failed) {
                LOGGER.warn("socket not removed file={}", socket, failed);
            }
        }
    }
}
