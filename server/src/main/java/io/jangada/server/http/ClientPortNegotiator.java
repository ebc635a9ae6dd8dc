// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.jangada.network.tls.TlsContexts;
import io.jangada.server.answer.LongAnswers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells HTTP/2 from HTTP/1.1 by the first four bytes of a connection. An HTTP/2 connection gets gRPC's
 * own handlers in the same pipeline, with no hop in between. Under TLS the same is done with what was
 * encrypted: what a client said by ALPN does not matter. Immutable.
 */
public final class ClientPortNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    /** How an HTTP/2 connection begins; no HTTP/1.1 method does. */
    private static final int HTTP2_PREFACE = 'P' << 24 | 'R' << 16 | 'I' << 8 | ' ';

    private static final AsciiString HTTPS = AsciiString.of("https");

    private final InternalProtocolNegotiator.ProtocolNegotiator grpc = InternalProtocolNegotiators
            .serverPlaintext();
    private final @Nullable HttpPipeline http;
    private final @Nullable TlsContexts tls;

    private final ConnectionLimit limit;
    private final int streamsMax;
    private final Duration stallTimeout;
    private final LongAnswers answers;

    private ClientPortNegotiator(@Nullable HttpPipeline http, @Nullable TlsContexts tls,
            ConnectionLimit limit, int streamsMax, Duration stallTimeout, LongAnswers answers) {
        this.answers = answers;
        this.http = http;
        this.tls = tls;
        this.limit = limit;
        this.streamsMax = streamsMax;
        this.stallTimeout = stallTimeout;
    }

    /**
     * A port on which nothing but gRPC is spoken, without TLS.
     *
     * @param limit counts its connections
     * @param streamsMax that a connection may have open
     * @param stallTimeout after which a client that takes none of its answers is cut off; 0 for never
     * @param answers the long ones that the services announce
     */
    public static ClientPortNegotiator grpc(ConnectionLimit limit, int streamsMax,
            Duration stallTimeout, LongAnswers answers) {
        return new ClientPortNegotiator(null, null, limit, streamsMax, stallTimeout, answers);
    }

    /** The same, where HTTP/1.1 connections are served by {@code value}. */
    public ClientPortNegotiator withHttp(HttpPipeline value) {
        return new ClientPortNegotiator(value, tls, limit, streamsMax, stallTimeout, answers);
    }

    /** The same, under TLS. */
    public ClientPortNegotiator withTls(TlsContexts value) {
        return new ClientPortNegotiator(http, value, limit, streamsMax, stallTimeout, answers);
    }

    @Override
    public AsciiString scheme() {
        return tls == null ? grpc.scheme() : HTTPS;
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
        ChannelHandler spoken = http == null
                ? grpc.newHandler(handler)
                : new Sniffer(handler, http);
        return new Gate(handler, tls == null ? spoken : new TlsOpening(tls, spoken));
    }

    /** Puts what watches over a connection before {@code context}'s handler, and what writes long answers at the end. */
    private void watch(ChannelHandlerContext context, GrpcHttp2ConnectionHandler handler) {
        /* Netty does not hold a client to the limit before it has acknowledged it. */
        handler.connection().remote().maxActiveStreams(streamsMax);
        CountedWindows windows = CountedWindows.of(handler.encoder());
        context.pipeline()
                .addBefore(context.name(), null,
                        new StalledClients(handler.connection(), windows, stallTimeout))
                .addLast(new LongAnswerWriter(answers, windows));
    }

    /** Makes room for what is spoken, if the connection may stay. */
    private final class Gate extends ChannelInboundHandlerAdapter {
        private final GrpcHttp2ConnectionHandler handler;
        private final ChannelHandler spoken;

        Gate(GrpcHttp2ConnectionHandler handler, ChannelHandler spoken) {
            this.handler = handler;
            this.spoken = spoken;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            if (!limit.admit(context.channel())) {
                return;
            }
            if (http == null) {
                watch(context, handler);
            }
            context.pipeline().replace(this, null, spoken);
        }
    }

    @Override
    public void close() {
        grpc.close();
    }

    private final class Sniffer extends ByteToMessageDecoder {
        private final GrpcHttp2ConnectionHandler handler;
        private final HttpPipeline http;
        private @Nullable Object negotiation;

        Sniffer(GrpcHttp2ConnectionHandler handler, HttpPipeline http) {
            this.handler = handler;
            this.http = http;
        }

        /* gRPC starts its negotiation by an event, which has to wait for the first bytes. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (negotiation == null) {
                negotiation = event;
            } else {
                context.fireUserEventTriggered(event);
            }
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (in.readableBytes() < Integer.BYTES) {
                return;
            }
            if (in.getInt(in.readerIndex()) == HTTP2_PREFACE) {
                context.pipeline().addAfter(context.name(), null, grpc.newHandler(handler));
                watch(context, handler);
                if (negotiation != null) {
                    context.fireUserEventTriggered(negotiation);
                }
            } else {
                http.addAfter(context);
            }
            context.pipeline().remove(this); // Hands on what was read.
        }
    }
}
