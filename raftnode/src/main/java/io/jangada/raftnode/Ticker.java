// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/** Counts a group's ticks. Belongs to the node loop, but for {@link #now}. */
final class Ticker {
    private final HostParts host;
    private final Executor loop;
    private final long tickNanos;
    private final LongConsumer ticked;
    private long nextNanos;
    /** Written by the node loop, read by any thread. */
    private volatile long now;

    /**
     * Stands at 0 until it is started.
     *
     * @param loop the node loop, as the group may use it
     * @param ticked hears the number of each tick, on the loop
     */
    Ticker(HostParts host, Executor loop, Duration tick, LongConsumer ticked) {
        this.host = host;
        this.loop = loop;
        this.ticked = ticked;
        tickNanos = tick.toNanos();
    }

    /** How many there were; any thread. */
    long now() {
        return now;
    }

    /** The ticks in {@code nanos}, rounded up; at least 1. */
    long in(long nanos) {
        return Math.max(1, Math.ceilDiv(nanos, tickNanos));
    }

    void start() {
        nextNanos = host.loops().clock().nanos() + tickNanos;
        schedule(tickNanos);
    }

    private void schedule(long delayNanos) {
        host.nodeLoop().schedule(() -> loop.execute(this::tick), delayNanos);
    }

    private void tick() {
        long tick = now + 1;
        now = tick;
        ticked.accept(tick);
        /* After a pause (a stopped process, a suspended machine) time goes on from now: a burst of the
         * missed ticks would make this member campaign before it could hear from its leader. */
        long nowNanos = host.loops().clock().nanos();
        nextNanos = Math.max(nextNanos + tickNanos, nowNanos);
        schedule(nextNanos - nowNanos);
    }
}
