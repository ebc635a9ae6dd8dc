// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Puts requests together. One that is too large is answered so at once, and the connection closed once the
 * client had time to read that: closed with bytes unread, it would be reset, and the answer be lost. Used by the
 * connection's loop.
 */
final class BoundedBody extends HttpObjectAggregator {
    private static final long LINGER_SECONDS = 2;

    /** @param bytesMax of a body */
    BoundedBody(int bytesMax) {
        super(bytesMax);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        context.pipeline().addBefore(context.name(), null, new Discarding());
        FullHttpResponse refused = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, Unpooled.EMPTY_BUFFER);
        refused.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(refused).addListener((ChannelFutureListener) written -> {
            if (written.isSuccess() && context.channel() instanceof DuplexChannel channel
                    && context.pipeline().get(SslHandler.class) == null) {
                var ignored = channel.shutdownOutput();
            }
        });
        var ignored = context.executor().schedule(() -> {
            var unusedEnd = context.close();
        }, LINGER_SECONDS, TimeUnit.SECONDS);
    }

    private static final class Discarding extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
