// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells HTTP/2 from HTTP/1.1 by the first four bytes of a connection. An HTTP/2 connection gets gRPC's
 * own handlers in the same pipeline, with no hop in between.
 */
public final class ClientPortNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    /** How an HTTP/2 connection begins; no HTTP/1.1 method does. */
    private static final int HTTP2_PREFACE = 'P' << 24 | 'R' << 16 | 'I' << 8 | ' ';

    private final InternalProtocolNegotiator.ProtocolNegotiator grpc = InternalProtocolNegotiators
            .serverPlaintext();
    private final HttpPipeline http;

    /** HTTP/1.1 connections are served by {@code http}. */
    public ClientPortNegotiator(HttpPipeline http) {
        this.http = http;
    }

    @Override
    public AsciiString scheme() {
        return grpc.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
        return new Sniffer(handler);
    }

    @Override
    public void close() {
        grpc.close();
    }

    private final class Sniffer extends ByteToMessageDecoder {
        private final GrpcHttp2ConnectionHandler handler;
        private @Nullable Object negotiation;

        Sniffer(GrpcHttp2ConnectionHandler handler) {
            this.handler = handler;
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
