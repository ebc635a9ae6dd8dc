// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many connections clients may have open on a member, at all its ports together. Thread-safe. */
public final class ConnectionLimit {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionLimit.class);

    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    /** At most {@code max}. */
    public ConnectionLimit(int max) {
        this.max = max;
    }

    /** Counts {@code connection} until it is closed; closes it at once if there are too many, and says so. */
    boolean admit(Channel connection) {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            LOGGER.debug("connection refused: {} are open from={}", max,
                    connection.remoteAddress());
            var ignored = connection.close();
            return false;
        }
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        return true;
    }
}
