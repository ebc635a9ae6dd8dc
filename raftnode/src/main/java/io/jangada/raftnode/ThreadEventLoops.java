// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Loops with a platform thread each, and virtual threads in the background. Thread-safe. */
public final class ThreadEventLoops implements EventLoops, AutoCloseable {
    private final ExecutorService background = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("raft-background-", 0).factory());

    /** No loops yet; each gets its thread when it is asked for. */
    public ThreadEventLoops() {}

    @Override
    public EventLoop loop(String name, Consumer<Throwable> failed) {
        ThreadEventLoop loop = new ThreadEventLoop(name, clock(), failed);
        loop.start();
        return loop;
    }

    @Override
    public Executor background() {
        return background;
    }

    @Override
    public Clock clock() {
        return System::nanoTime;
    }

    /** Lets the background's work end, and takes no more of it. Does not wait. */
    @Override
    public void close() {
        background.shutdown();
    }
}
