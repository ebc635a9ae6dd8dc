// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * What a {@link TcpNetwork} runs on; all of it is shared and outlives it. Immutable.
 *
 * @param loops epoll or NIO event loops
 * @param blocking runs what may block: reading and writing snapshots, looking up names. Needs
 *     several threads, or virtual ones
 * @param random chooses the pauses between attempts to connect; used only while a peer is added
 * @param clock says since when a peer is connected; nothing is decided by it
 */
public record TcpRuntime(EventLoopGroup loops, Executor blocking, RandomGenerator random,
        InstantSource clock) {

    private static final int SHUTDOWN_SECONDS = 5;

    /** What event loops are made with: epoll where there is, and NIO elsewhere. Any thread. */
    public static IoHandlerFactory ioHandlers() {
        return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    /** A runtime that nothing else shares: one event loop, on epoll where there is, and virtual threads. */
    public static TcpRuntime standalone() {
        var loops = new MultiThreadIoEventLoopGroup(1,
                new DefaultThreadFactory("network", true), ioHandlers());
        var blocking = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("network-blocking-", 0).factory());
        return new TcpRuntime(loops, blocking, new SplittableRandom(), InstantSource.system());
    }

    /** Ends the event loops, after the networks that run on them; waits for it. */
    public void shutdown() {
        boolean ignored = loops.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(2 * SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
