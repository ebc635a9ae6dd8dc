// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.jangada.network.ListenException;
import io.jangada.network.NetworkListener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections from peers, once they have introduced themselves and are right here. At most one
 * stream of messages from each: a newer one takes the place of the older, which is dead. Thread-safe;
 * each connection is handled on its event loop.
 */
final class Acceptor {
    private static final System.Logger LOG = System.getLogger(Acceptor.class.getName());
    private static final int BACKLOG = 128;
    private static final long NO_GROUP = 0;

    /** What the network knows of peers. Called on event loops; never waits for a lock. */
    interface Peers {
        /** Whether {@code peer} was removed and may not connect. */
        boolean isRemoved(long peer);

        /** {@code peer} is up. */
        void connected(long peer);

        /** Where what {@code peer} sends is counted now: it may be added while it is connected. */
        PeerCounters counters(long peer);
    }

    private final TcpIdentity identity;
    private final TcpLimits limits;
    private final TcpRuntime runtime;
    private final ChannelGroup channels;
    private final Peers peers;
    private final NetworkListener listener;
    private final Encryption encryption;
    private final Compression compression;
    private final ConcurrentHashMap<Long, Connection> streams = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger snapshots = new AtomicInteger();
    private final AtomicReference<String> lastRefusal = new AtomicReference<>("");

    Acceptor(TcpIdentity identity, TcpLimits limits, TcpRuntime runtime, ChannelGroup channels,
            Peers peers, NetworkListener listener, TcpOptions options) {
        this.identity = identity;
        this.limits = limits;
        this.runtime = runtime;
        this.channels = channels;
        this.peers = peers;
        this.listener = listener;
        this.encryption = new Encryption(options);
        this.compression = options.compression();
    }

    /** Binds all of {@code addresses}, or none; answers them with their real ports. Blocks. */
    List<HostPort> listen(List<HostPort> addresses) throws ListenException {
        var bound = new ArrayList<HostPort>();
        var servers = new ArrayList<Channel>();
        for (HostPort address : addresses) {
            ChannelFuture binding = bind(address).awaitUninterruptibly();
            if (!binding.isSuccess()) {
                servers.forEach(server -> server.close().awaitUninterruptibly());
                throw new ListenException(address, reason(binding.cause()), binding.cause());
            }
            servers.add(binding.channel());
            channels.add(binding.channel());
            int port = ((InetSocketAddress) binding.channel().localAddress()).getPort();
            bound.add(new HostPort(address.host(), port));
        }
        return bound;
    }

    private static String reason(Throwable cause) {
        if (cause instanceof UnresolvedAddressException) {
            return "no such host";
        }
        String text = String.valueOf(cause.getMessage());
        return text.contains("in use") ? "address already in use" : text;
    }

    private ChannelFuture bind(HostPort address) {
        SocketTypes sockets = SocketTypes.of(runtime.loops());
        return new ServerBootstrap().group(runtime.loops()).channel(sockets.server())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, SocketTypes.WATERMARKS)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(new InetSocketAddress(address.host(), address.port()));
    }

    /** Closes what comes from {@code peer}. */
    void disconnect(long peer, String reason) {
        Connection stream = streams.get(peer);
        if (stream != null) {
            stream.close(reason);
        }
    }

    private void accept(Channel channel) {
        channel.closeFuture().addListener(ignored -> connections.decrementAndGet());
        if (connections.incrementAndGet() > limits.connectionsMax()) {
            refused(String.valueOf(channel.remoteAddress()),
                    "more than " + limits.connectionsMax() + " connections");
            var ignored = channel.close();
            return;
        }
        channels.add(channel);
        var handshake = new Handshake();
        var connection = new Connection(channel, handshake);
        handshake.connection = connection;
        channel.pipeline().addLast(connection);
        encryption.accepted(connection);
        int millis = limits.times().handshakeMillis();
        var ignored = channel.eventLoop().schedule(() -> {
            if (!handshake.done) {
                connection.close("no handshake within " + millis + " ms");
            }
        }, millis, TimeUnit.MILLISECONDS);
    }

    private void refused(String remote, String reason) {
        // A stranger that tries again and again is one fact, not many lines.
        if (!reason.equals(lastRefusal.getAndSet(reason))) {
            LOG.log(System.Logger.Level.WARNING,
                    () -> "refused a connection from " + remote + ": " + reason);
        }
    }

    /** The part of a connection before it is known whose it is. */
    private final class Handshake implements Conversation {
        private @Nullable Connection connection;
        private boolean done;

        @Override
        public void frame(FrameKind kind, long group, ByteBuffer body) throws ProtocolException {
            Connection current = connection;
            if (kind == FrameKind.QUESTION && current != null && !done) {
                done = true;
                answer(current, group);
                return;
            }
            if (kind != FrameKind.HELLO || current == null || done) {
                throw new ProtocolException("a frame of kind " + kind + " in the handshake");
            }
            done = true;
            try {
                Hello hello = Hello.decode(body);
                check(hello);
                if (peers.isRemoved(hello.from())) {
                    String reason = "member " + Long.toHexString(hello.from())
                            + " was removed from the cluster";
                    refused(current.remote(), reason);
                    current.sendAndClose(FrameKind.REMOVED, ByteBuffer.allocate(0), reason);
                    return;
                }
                welcome(current, hello);
            } catch (ProtocolException e) {
                String reason = String.valueOf(e.getMessage());
                refused(current.remote(), reason);
                current.sendAndClose(FrameKind.REFUSAL, StandardCharsets.UTF_8.encode(reason),
                        reason);
            }
        }

        @Override
        public void idle() {}

        @Override
        public void writable() {}

        @Override
        public void closed(String reason) {
            if (!done) {
                done = true;
                refused(String.valueOf(connection == null ? "" : connection.remote()), reason);
            }
        }
    }

    private void answer(Connection connection, long group) {
        listener.roster(group).ifPresentOrElse(
                roster -> connection.sendAndClose(FrameKind.ANSWER, roster.asByteBuffer(),
                        "answered"),
                () -> connection.sendAndClose(FrameKind.REFUSAL,
                        StandardCharsets.UTF_8.encode("group " + group + " is not here"),
                        "asked for group " + group));
    }

    private void check(Hello hello) throws ProtocolException {
        if (hello.clusterId() != identity.clusterId()) {
            throw new ProtocolException("cluster " + Long.toHexString(hello.clusterId())
                    + " is not this member's cluster "
                    + Long.toHexString(identity.clusterId()));
        }
        if (hello.to() != identity.memberId()) {
            throw new ProtocolException("member " + Long.toHexString(hello.to())
                    + " is wanted, but this is " + Long.toHexString(identity.memberId()));
        }
        if (hello.from() == identity.memberId() || hello.from() == 0) {
            throw new ProtocolException("member id " + Long.toHexString(hello.from())
                    + " is this member's own, or nobody's");
        }
    }

    private void welcome(Connection connection, Hello hello) throws ProtocolException {
        Conversation next = switch (hello.stream()) {
            case MESSAGES -> messages(connection, hello.from());
            case SNAPSHOT -> snapshot(connection, hello.from());
        };
        Compression agreed = compression.and(hello.compression());
        connection.agree(agreed);
        connection.become(next, limits.frameBytesMax());
        connection.send(FrameKind.WELCOME, NO_GROUP,
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(identity.memberId())
                        .putInt(agreed.bit()).flip());
    }

    private Conversation messages(Connection connection, long from) {
        peers.connected(from);
        Connection older = streams.put(from, connection);
        if (older != null) {
            older.close("the peer has connected again");
        }
        connection.watch(limits.times().keepAliveMillis());
        LOG.log(System.Logger.Level.INFO, () -> "accepted peer=" + Long.toHexString(from)
                + " address=" + connection.remote());
        return new Incoming(connection, identity, from, listener, peers,
                reason -> {
                    if (streams.remove(from, connection)) {
                        LOG.log(System.Logger.Level.INFO, () -> "lost peer="
                                + Long.toHexString(from) + " reason=\"" + reason + "\"");
                    }
                });
    }

    private Conversation snapshot(Connection connection, long from) throws ProtocolException {
        if (snapshots.incrementAndGet() > limits.snapshots().receivesMax()) {
            snapshots.decrementAndGet();
            throw new ProtocolException("busy with other snapshots");
        }
        connection.watch(limits.times().snapshotStallMillis());
        return new SnapshotReceive(connection, identity, from, listener, limits,
                connection.loop(), runtime.blocking(), snapshots::decrementAndGet);
    }
}
