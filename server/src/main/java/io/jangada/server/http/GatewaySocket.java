// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.Status;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A call by web socket: a frame of JSON is a message, in both directions. The socket is closed when the
 * call ends. While the service does not take more, nothing is read. Netty loop.
 */
final class GatewaySocket extends SimpleChannelInboundHandler<WebSocketFrame>
        implements
            GatewaySink {
    private final ChannelHandlerContext http;
    private @Nullable GatewayCall call;

    private GatewaySocket(ChannelHandlerContext http) {
        this.http = http;
    }

    /** Makes a web socket of the connection of {@code exchange}, or answers why not and gives nothing. */
    static @Nullable GatewaySocket open(HttpExchange exchange, int messageBytesMax) {
        ChannelHandlerContext http = exchange.context();
        WebSocketServerHandshaker handshaker = new WebSocketServerHandshakerFactory(
                exchange.request().uri(), "Bearer", false, messageBytesMax)
                .newHandshaker(exchange.request());
        if (handshaker == null) {
            var ignored = WebSocketServerHandshakerFactory
                    .sendUnsupportedVersionResponse(http.channel())
                    .addListener(ChannelFutureListener.CLOSE);
            exchange.letGo();
            return null;
        }
        GatewaySocket socket = new GatewaySocket(http);
        http.pipeline().addAfter(http.name(), "gateway-socket", socket)
                .addAfter(http.name(), null, new WebSocketFrameAggregator(messageBytesMax));
        var ignored = handshaker.handshake(http.channel(), exchange.request(),
                new DefaultHttpHeaders(), http.channel().newPromise());
        return socket;
    }

    /** The call that this is the other end of. */
    void start(GatewayCall started) {
        call = started;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        GatewayCall open = call;
        if (open == null) {
            return;
        }
        if (frame instanceof PingWebSocketFrame) {
            var ignored = context.writeAndFlush(new PongWebSocketFrame(frame.content().retain()),
                    context.voidPromise());
        } else if (frame instanceof CloseWebSocketFrame) {
            open.cancel();
            close(WebSocketCloseStatus.NORMAL_CLOSURE);
        } else if (!(frame instanceof PongWebSocketFrame) && !open.isHalfClosed()) {
            open.send(frame.content().toString(StandardCharsets.UTF_8));
            boolean takesMore = open.isReady(
                    () -> context.channel().config().setAutoRead(true));
            context.channel().config().setAutoRead(takesMore);
        }
    }

    @Override
    public boolean isWritable() {
        return http.channel().isWritable();
    }

    @Override
    public void message(String json) {
        var ignored = http.channel().writeAndFlush(new TextWebSocketFrame(json),
                http.channel().voidPromise());
    }

    @Override
    public void only(String json) {
        message(json);
        end();
    }

    @Override
    public void failed(Status status, String json) {
        message(json);
        end();
    }

    @Override
    public void end() {
        close(WebSocketCloseStatus.NORMAL_CLOSURE);
    }

    private void close(WebSocketCloseStatus why) {
        var ignored = http.channel().writeAndFlush(new CloseWebSocketFrame(why))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        GatewayCall open = call;
        if (open != null && context.channel().isWritable()) {
            open.resume();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        GatewayCall open = call;
        if (open != null) {
            open.cancel();
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var ignored = context.close();
    }
}
