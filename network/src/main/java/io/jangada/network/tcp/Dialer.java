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
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to a peer and introduces this member. Thread-safe: immutable; attempts run on their loops. */
final class Dialer {
    private static final long NO_GROUP = 0;

    /** Whoever wants the connection. Called on the event loop, exactly one of the two, once. */
    interface Attempt {
        /** The peer has taken the connection; the answer goes on with it. */
        Conversation established(Connection connection);

        /** There is no connection. */
        void failed(String reason);
    }

    private final TcpIdentity identity;
    private final TcpLimits limits;
    private final TcpRuntime runtime;
    private final SocketTypes sockets;
    private final ChannelGroup channels;

    Dialer(TcpIdentity identity, TcpLimits limits, TcpRuntime runtime, ChannelGroup channels) {
        this.identity = identity;
        this.limits = limits;
        this.runtime = runtime;
        this.sockets = SocketTypes.of(runtime.loops());
        this.channels = channels;
    }

    /** Begins an attempt, on {@code loop}. Names are looked up elsewhere: that may block. */
    void dial(long peer, HostPort address, StreamKind stream, EventLoop loop, Attempt attempt) {
        var hello = new Hello(identity.clusterId(), identity.memberId(), peer, stream);
        try {
            runtime.blocking().execute(() -> {
                var resolved = new InetSocketAddress(address.host(), address.port());
                loop.execute(() -> connect(hello, resolved, loop, attempt));
            });
        } catch (RejectedExecutionException e) {
            attempt.failed("this member is stopping");
        }
    }

    private void connect(Hello hello, InetSocketAddress address, EventLoop loop, Attempt attempt) {
        if (address.isUnresolved()) {
            attempt.failed("cannot look up " + address.getHostString());
            return;
        }
        var handshake = new Handshake(hello, address.toString(), attempt);
        ChannelFuture connected = new Bootstrap().group(loop).channel(sockets.stream())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limits.times().connectMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SocketTypes.WATERMARKS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        handshake.connection = new Connection(channel, handshake);
                        channel.pipeline().addLast(handshake.connection);
                    }
                })
                .connect(address);
        var ignored = connected.addListener(done -> {
            if (done.isSuccess()) {
                handshake.begin(loop);
            } else {
                handshake.closed(String.valueOf(done.cause().getMessage()));
            }
        });
    }

    /** The part of a connection before it belongs to the one who wanted it. */
    private final class Handshake implements Conversation {
        private final Hello hello;
        private final String remote;
        private final Attempt attempt;
        private @Nullable Connection connection;
        private boolean done;

        Handshake(Hello hello, String remote, Attempt attempt) {
            this.hello = hello;
            this.remote = remote;
            this.attempt = attempt;
        }

        void begin(EventLoop loop) {
            Connection current = connection;
            if (current == null || done) {
                return;
            }
            current.send(FrameKind.HELLO, NO_GROUP, hello.encoded());
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
            Connection current = connection;
            if (kind != FrameKind.WELCOME || body.remaining() != 8 || current == null) {
                throw new ProtocolException("a frame of kind " + kind + " in the handshake");
            }
            if (body.getLong() != hello.to()) {
                throw new ProtocolException("another member answers there");
            }
            done = true;
            current.become(attempt.established(current), limits.frameBytesMax());
        }

        @Override
        public void idle() {}

        @Override
        public void writable() {}

        @Override
        public void closed(String reason) {
            if (!done) {
                done = true;
                attempt.failed(remote + ": " + reason);
            }
        }
    }
}
