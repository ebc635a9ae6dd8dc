// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Where the loops of a host come from: real threads in production, one virtual thread of time in a
 * simulation. Thread-safe.
 */
public interface EventLoops {

    /**
     * A new loop.
     *
     * @param name names its thread
     * @param failed told, by the loop, of what a task threw; the loop goes on
     */
    EventLoop loop(String name, Consumer<Throwable> failed);

    /** Runs long work off the loops: snapshots are written and read here. It may block. */
    Executor background();

    /** The time by which the loops' delays are measured. */
    Clock clock();
}
