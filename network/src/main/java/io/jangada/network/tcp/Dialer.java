// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to a peer and introduces this member. Thread-safe: immutable; attempts run on their loops. */
final class Dialer {
    private static final long NO_GROUP = 0;

    /**
     * Whoever wants the connection. Called on the event loop, exactly one of the two, once, unless it is
     * given up before.
     */
    interface Attempt {
        /** The peer has taken the connection; the answer goes on with it. */
        Conversation established(Connection connection);

        /** There is no connection. */
        void failed(String reason);

        /** There is none, as the peer says that this member was removed; {@link #failed} is told too. */
        default void removed() {}
    }

    private final TcpIdentity identity;
    private final TcpLimits limits;
    private final TcpRuntime runtime;
    private final SocketTypes sockets;
    private final ChannelGroup channels;
    private final Encryption encryption;
    private final Compression compression;

    Dialer(TcpIdentity identity, TcpLimits limits, TcpRuntime runtime, ChannelGroup channels,
            TcpOptions options) {
        this.identity = identity;
        this.limits = limits;
        this.runtime = runtime;
        this.sockets = SocketTypes.of(runtime.loops());
        this.channels = channels;
        this.encryption = new Encryption(options);
        this.compression = options.compression();
    }

    /** Begins an attempt, which may have failed already; called on {@code loop}. Names are looked up elsewhere: that may block. */
    Dialing dial(long peer, HostPort address, StreamKind stream, EventLoop loop,
            Attempt attempt) {
        var dialing = new Dialing(
                new Hello(identity.clusterId(), identity.memberId(), peer, stream, compression),
                attempt);
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(address.host());
        if (literal != null && address.host().indexOf('%') < 0) {
            connect(dialing, address, new InetSocketAddress(literal, address.port()), loop);
            return dialing;
        }
        try {
            runtime.blocking().execute(() -> {
                var resolved = new InetSocketAddress(address.host(), address.port());
                loop.execute(() -> connect(dialing, address, resolved, loop));
            });
        } catch (RejectedExecutionException e) {
            dialing.failed("this member is stopping");
        }
        return dialing;
    }

    private void connect(Dialing dialing, HostPort peer, InetSocketAddress address,
            EventLoop loop) {
        if (address.isUnresolved()) {
            dialing.failed("cannot look up " + peer.host());
            return;
        }
        if (dialing.done) {
            return;
        }
        dialing.remote = address.toString();
        ChannelFuture connected = new Bootstrap().group(loop).channel(sockets.stream())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limits.times().connectMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SocketTypes.WATERMARKS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        dialing.connection = new Connection(channel, dialing);
                        channel.pipeline().addLast(dialing.connection);
                    }
                })
                .connect(address);
        var ignored = connected.addListener(done -> {
            if (done.isSuccess()) {
                dialing.begin(loop, peer);
            } else {
                dialing.closed(String.valueOf(done.cause().getMessage()));
            }
        });
    }

    /** A connection before it belongs to the one who wanted it. Owned by its event loop. */
    final class Dialing implements Conversation {
        private final Hello hello;
        private final Attempt attempt;
        private String remote = "";
        private @Nullable Connection connection;
        private boolean done;

        private Dialing(Hello hello, Attempt attempt) {
            this.hello = hello;
            this.attempt = attempt;
        }

        /** Closes what there is; whoever wanted it hears nothing. */
        void giveUp() {
            done = true;
            if (connection != null) {
                connection.close("no longer wanted");
            }
        }

        private void failed(String reason) {
            if (!done) {
                done = true;
                attempt.failed(reason);
            }
        }

        private void begin(EventLoop loop, HostPort peer) {
            Connection current = connection;
            if (current == null || done) {
                return;
            }
            encryption.dialed(current, peer,
                    () -> current.send(FrameKind.HELLO, NO_GROUP, hello.encoded()));
            int millis = limits.times().handshakeMillis();
            var ignored = loop.schedule(() -> {
                if (!done) {
                    current.close("no handshake within " + millis + " ms");
                }
            }, millis, TimeUnit.MILLISECONDS);
        }

        @Override
        public void frame(FrameKind kind, long group, ByteBuffer body) throws ProtocolException {
            if (kind == FrameKind.REFUSAL) {
                throw new ProtocolException("refused: " + StandardCharsets.UTF_8.decode(body));
            }
            if (kind == FrameKind.REMOVED && !done) {
                attempt.removed();
                throw new ProtocolException("refused: this member was removed from the cluster");
            }
            Connection current = connection;
            if (kind != FrameKind.WELCOME || body.remaining() != 12 || current == null) {
                throw new ProtocolException("a frame of kind " + kind + " in the handshake");
            }
            if (body.getLong() != hello.to()) {
                throw new ProtocolException("another member answers there");
            }
            done = true;
            current.agree(compression.and(Compression.of(body.getInt())));
            current.become(attempt.established(current), limits.frameBytesMax());
        }

        @Override
        public void idle() {}

        @Override
        public void writable() {}

        @Override
        public void closed(String reason) {
            boolean mute = reason.equals(Connection.CLOSED_BY_OTHER) && encryption.isPlain();
            failed(remote + ": " + reason + (mute ? " without an answer: it may want TLS" : ""));
        }
    }
}
