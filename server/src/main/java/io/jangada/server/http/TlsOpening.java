// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.jangada.network.tls.TlsContexts;
import io.jangada.server.auth.CertificateUser;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts TLS under an accepted connection and gives way to {@code next} once the handshake is over. Nothing is read
 * before the files have been looked at. What gRPC's negotiation has begun waits, and goes on with the name in the
 * client's certificate. Netty loop.
 */
final class TlsOpening extends ChannelInboundHandlerAdapter {
    private static final Logger LOGGER = LoggerFactory.getLogger(TlsOpening.class);

    private final TlsContexts contexts;
    private final ChannelHandler next;
    private @Nullable ProtocolNegotiationEvent negotiation;

    /** For one connection. */
    TlsOpening(TlsContexts contexts, ChannelHandler next) {
        this.contexts = contexts;
        this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(false);
        contexts.current(now -> {
            if (context.executor().inEventLoop()) {
                open(context, now);
            } else {
                context.executor().execute(() -> open(context, now));
            }
        });
    }

    private void open(ChannelHandlerContext context, TlsContexts.Contexts now) {
        if (context.isRemoved()) {
            return; // The client has gone meanwhile.
        }
        SslHandler tls = contexts.accept(now, context.channel());
        context.pipeline().addBefore(context.name(), null, tls);
        context.channel().config().setAutoRead(true);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case ProtocolNegotiationEvent begun -> negotiation = begun;
            case SslHandshakeCompletionEvent done when done.isSuccess() -> giveWay(context);
            case SslHandshakeCompletionEvent failed -> {
                LOGGER.warn("rejected connection on client endpoint remote-addr={} error={}",
                        context.channel().remoteAddress(), rootOf(failed.cause()).getMessage());
                var ignored = context.close();
            }
            default -> context.fireUserEventTriggered(event);
        }
    }

    private void giveWay(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        context.pipeline().replace(this, null, next);
        ProtocolNegotiationEvent begun = negotiation;
        if (begun != null) {
            context.fireUserEventTriggered(InternalProtocolNegotiationEvent.withAttributes(begun,
                    CertificateUser.add(InternalProtocolNegotiationEvent.getAttributes(begun),
                            tls.engine().getSession())));
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) { // A cause is never its own.
            root = root.getCause();
        }
        return root;
    }

    /* The handshake's failure has been told. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var ignored = context.close();
    }
}
