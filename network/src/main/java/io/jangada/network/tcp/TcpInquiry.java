// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.jangada.network.Network;
import io.jangada.raft.model.Bytes;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The question, put to the peer port of some member, who the members of a group are. For one that is to
 * join them and knows no more than addresses: it has no id yet, and needs no {@link TcpNetwork}.
 */
public final class TcpInquiry {
    private final TcpOptions options;
    private final TcpLimits limits;
    private final TcpRuntime runtime;

    /** Asks as a network with the same arguments would connect. */
    public TcpInquiry(TcpOptions options, TcpLimits limits, TcpRuntime runtime) {
        this.options = options;
        this.limits = limits;
        this.runtime = runtime;
    }

    /**
     * Asks at {@code address}. Blocks only while a name is looked up; the future is completed by an event
     * loop, at the latest when the time to connect and that for a handshake are over, and exceptionally
     * with an {@link IOException} that says why there is no answer.
     */
    public CompletableFuture<Bytes> ask(HostPort address, long group) {
        CompletableFuture<Bytes> future = new CompletableFuture<>();
        Asking asking = new Asking(future);
        var connected = new Bootstrap().group(runtime.loops())
                .channel(SocketTypes.of(runtime.loops()).stream())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limits.times().connectMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        var connection = new Connection(channel, asking);
                        connection.become(asking, Network.NOTE_BYTES_MAX + Frame.HEAD_BYTES);
                        channel.pipeline().addLast(connection);
                    }
                }).connect(new InetSocketAddress(address.host(), address.port()));
        var ignored = connected.addListener(done -> {
            Connection connection = connected.channel().pipeline().get(Connection.class);
            if (done.isSuccess() && connection != null) {
                begin(connection, address, group);
            } else {
                asking.closed(String.valueOf(done.cause().getMessage()));
            }
        });
        return future;
    }

    private void begin(Connection connection, HostPort address, long group) {
        new Encryption(options).dialed(connection, address, () -> connection
                .send(FrameKind.QUESTION, group, ByteBuffer.allocate(0)));
        int millis = limits.times().handshakeMillis();
        var ignored = connection.loop().schedule(
                () -> connection.close("no answer within " + millis + " ms"), millis,
                TimeUnit.MILLISECONDS);
    }

    /** Waits for the answer. */
    private record Asking(CompletableFuture<Bytes> future) implements Conversation {
        @Override
        public void frame(FrameKind kind, long group, ByteBuffer body) throws ProtocolException {
            if (kind == FrameKind.REFUSAL) {
                throw new ProtocolException("refused: " + StandardCharsets.UTF_8.decode(body));
            }
            if (kind != FrameKind.ANSWER) {
                throw new ProtocolException("a frame of kind " + kind + " for an answer");
            }
            future.complete(Bytes.copyOf(body));
        }

        @Override
        public void idle() {}

        @Override
        public void writable() {}

        @Override
        public void closed(String reason) {
            future.completeExceptionally(new IOException(reason));
        }
    }
}
