// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.raftnode.Cancellable;
import io.jangada.raftnode.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop as it is lent to what serves clients: a request that fails unexpectedly ends alone and is
 * logged, where a failure of the loop's owner would stop the member. Thread-safe.
 *
 * @param loop runs the tasks; stays its owner's, who closes it
 */
record RequestLoop(EventLoop loop) implements EventLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(RequestLoop.class);

    @Override
    public boolean inLoop() {
        return loop.inLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(guarded(task));
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
        return loop.schedule(guarded(task), delayNanos);
    }

    @Override
    public void executeAndWait(Runnable task) {
        loop.executeAndWait(guarded(task));
    }

    /** {@code task}, which throws no exceptions any more. */
    static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException unexpected) {
                LOGGER.warn("request failed unexpectedly", unexpected);
            }
        };
    }

    @Override
    public void close() {}
}
