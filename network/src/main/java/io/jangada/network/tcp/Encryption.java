// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.jangada.network.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS under the frames of a connection, where there shall be TLS. A failed handshake ends its
 * connection with a reason that says which end lacks what. Thread-safe; each connection is handled on its
 * event loop.
 */
final class Encryption {
    private final @Nullable TlsContexts contexts;

    Encryption(TcpOptions options) {
        this.contexts = options.tls().orElse(null);
    }

    boolean isPlain() {
        return contexts == null;
    }

    /** For a connection that this member has made to {@code peer}; {@code then} may send from then on. */
    void dialed(Connection connection, HostPort peer, Runnable then) {
        TlsContexts tls = contexts;
        if (tls == null) {
            then.run();
            return;
        }
        tls.current(now -> onLoop(connection, () -> handshake(connection,
                channel -> now.dialer().newHandler(channel.alloc(), peer.host(), peer.port()),
                then)));
    }

    /** For a connection that a peer has made; nothing is read from it before TLS is in place. */
    void accepted(Connection connection) {
        TlsContexts tls = contexts;
        if (tls == null) {
            return;
        }
        Channel channel = connection.channel();
        channel.config().setAutoRead(false);
        tls.current(now -> onLoop(connection, () -> {
            handshake(connection, of -> tls.accept(now, of), () -> {});
            channel.config().setAutoRead(true);
        }));
    }

    private static void onLoop(Connection connection, Runnable task) {
        if (connection.loop().inEventLoop()) {
            task.run();
        } else {
            connection.loop().execute(task);
        }
    }

    /** The time limit is that of the whole handshake, which its owner watches. */
    private static void handshake(Connection connection, Function<Channel, SslHandler> made,
            Runnable then) {
        Channel channel = connection.channel();
        if (!channel.isOpen()) {
            return;
        }
        SslHandler handler = made.apply(channel);
        handler.setHandshakeTimeoutMillis(0);
        channel.pipeline().addFirst(handler);
        var ignored = handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                then.run();
            } else {
                // It closes by itself, once it has told the other end.
                connection.explain(TlsFailure.reason(done.cause()));
            }
        });
    }
}
