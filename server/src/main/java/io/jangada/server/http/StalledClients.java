// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes an HTTP/2 connection whose client makes the member keep things for it: answers for which it gives no
 * window, or acknowledgements of settings and pings which it does not read. Belongs to the connection's
 * loop.
 */
final class StalledClients extends ChannelInboundHandlerAdapter {
    /**
     * Frames that wait for the socket beyond what flow control lets through: an answer stops at the channel's
     * high watermark, so that only acknowledgements get there.
     */
    private static final int UNREAD_BYTES_MAX = 1 << 20;

    private static final Logger LOGGER = LoggerFactory.getLogger(StalledClients.class);

    private final Http2Connection connection;
    private final Duration timeout;
    private final CountedWindows windows;
    /** The streams for which something waited at the last look. */
    private Set<Integer> waiting = Set.of();
    private long updatesBefore;

    /** For {@code connection}, whose flow control is {@code windows}; a {@code timeout} of 0 is none. */
    StalledClients(Http2Connection connection, CountedWindows windows, Duration timeout) {
        this.connection = connection;
        this.windows = windows;
        this.timeout = timeout;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (timeout.isPositive()) {
            lookLater(context);
        }
    }

    private void lookLater(ChannelHandlerContext context) {
        var ignored = context.executor().schedule(() -> look(context), timeout.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        if (context.isRemoved()) {
            return;
        }
        Set<Integer> now = waitingStreams();
        boolean isStalled = windows.updates() == updatesBefore
                && now.stream().anyMatch(waiting::contains);
        if (isStalled) {
            close(context, "no window for an answer");
            return;
        }
        updatesBefore = windows.updates();
        waiting = now;
        lookLater(context);
    }

    private Set<Integer> waitingStreams() {
        Set<Integer> streams = new HashSet<>();
        try {
            connection.forEachActiveStream(stream -> {
                if (windows.hasFlowControlled(stream)) {
                    streams.add(stream.id());
                }
                return true;
            });
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        return streams;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.fireChannelRead(message);
        if (context.channel().bytesBeforeWritable() > UNREAD_BYTES_MAX) {
            close(context, "it does not read");
        }
    }

    private static void close(ChannelHandlerContext context, String why) {
        LOGGER.warn("connection of a stalled client closed from={} reason=\"{}\"",
                context.channel().remoteAddress(), why);
        var ignored = context.close();
    }
}
