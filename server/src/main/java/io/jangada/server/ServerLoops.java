// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.raftnode.Clock;
import io.jangada.raftnode.EventLoop;
import io.jangada.raftnode.EventLoops;
import io.jangada.raftnode.ThreadEventLoops;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The host's loops, of which the server runs compaction on one: the apply loop. Thread-safe. */
final class ServerLoops implements EventLoops, AutoCloseable {
    private final ThreadEventLoops threads = new ThreadEventLoops();
    private final Map<String, EventLoop> byName = new ConcurrentHashMap<>();

    @Override
    public EventLoop loop(String name, Consumer<Throwable> failed) {
        EventLoop loop = threads.loop(name, failed);
        byName.put(name, loop);
        return loop;
    }

    /** The loop that applies, once the group has started. */
    Optional<EventLoop> applyLoop() {
        return byName.entrySet().stream().filter(loop -> loop.getKey().startsWith("apply"))
                .map(Map.Entry::getValue).findAny();
    }

    @Override
    public Executor background() {
        return threads.background();
    }

    @Override
    public Clock clock() {
        return threads.clock();
    }

    @Override
    public void close() {
        threads.close();
    }
}
