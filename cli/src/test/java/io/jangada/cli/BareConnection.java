// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import com.google.protobuf.MessageLite;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A client's connection with nothing but HTTP/2 on it, so that thousands of them, and answers of any size, cost the test
 * next to nothing. Calls may come from any thread; answers are told on the connection's loop.
 */
final class BareConnection implements AutoCloseable {
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int PREFIX_BYTES = 5;

    private final Channel channel;
    private final Frames frames = new Frames();
    private final Map<Http2FrameStream, Answer> open = new HashMap<>();

    /** Who is told of an answer. */
    interface Answer {
        /** The next part of it, gRPC's prefix of five bytes included; not to be kept. */
        void part(ByteBuf bytes);

        /** It is over; {@code status} is gRPC's number, or what became of the stream. */
        void ended(String status, String message);
    }

    private BareConnection(Channel channel) {
        this.channel = channel;
        channel.pipeline().addLast(frames);
    }

    /** Connects to {@code endpoint}, host:port, and waits until it has. */
    static BareConnection open(EventLoopGroup loops, String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        ChannelFuture connecting = new Bootstrap().group(loops).channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(Http2FrameCodecBuilder.forClient()
                                .initialSettings(Http2Settings.defaultSettings()
                                        .pushEnabled(false).initialWindowSize(WINDOW_BYTES))
                                .build());
                    }
                })
                .connect(endpoint.substring(0, colon).replace("http://", ""),
                        Integer.parseInt(endpoint.substring(colon + 1)))
                .syncUninterruptibly();
        return new BareConnection(connecting.channel());
    }

    /** Calls {@code method}, such as {@code etcdserverpb.KV/Range}. */
    void call(String method, MessageLite request, Answer answer) {
        channel.eventLoop().execute(() -> {
            Http2FrameStream stream = frames.newStream();
            open.put(stream, answer);
            Http2Headers headers = new DefaultHttp2Headers().method("POST").scheme("http")
                    .authority("member").path("/" + method).set("te", "trailers")
                    .set("content-type", "application/grpc");
            byte[] encoded = request.toByteArray();
            ByteBuf body = Unpooled.buffer(PREFIX_BYTES + encoded.length).writeByte(0)
                    .writeInt(encoded.length).writeBytes(encoded);
            var ignored = List.of(
                    channel.write(new DefaultHttp2HeadersFrame(headers, false).stream(stream)),
                    channel.writeAndFlush(new DefaultHttp2DataFrame(body, true).stream(stream)));
        });
    }

    boolean isOpen() {
        return channel.isActive();
    }

    private final class Frames extends Http2ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            try {
                switch (frame) {
                    case Http2DataFrame data -> {
                        Answer answer = open.get(data.stream());
                        if (answer != null) {
                            answer.part(data.content());
                        }
                        var ignored = context.write(
                                new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes())
                                        .stream(data.stream()));
                    }
                    case Http2HeadersFrame headers when headers.isEndStream() -> end(
                            headers.stream(), text(headers.headers(), "grpc-status"),
                            text(headers.headers(), "grpc-message"));
                    case Http2ResetFrame reset -> end(reset.stream(), "reset",
                            "by " + reset.errorCode());
                    default -> {
                    }
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        private static String text(Http2Headers headers, String name) {
            CharSequence value = headers.get(name);
            return value == null ? "" : value.toString();
        }

        private void end(Http2FrameStream stream, String status, String message) {
            Answer answer = open.remove(stream);
            if (answer != null) {
                answer.ended(status, message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            List.copyOf(open.values()).forEach(answer -> answer.ended("closed", "connection"));
            open.clear();
        }
    }

    @Override
    public void close() {
        var ignored = channel.close();
    }
}
