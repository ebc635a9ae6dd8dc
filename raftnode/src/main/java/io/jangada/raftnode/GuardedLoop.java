// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A group's way onto a loop that it shares with others: an exception of its own stops this group and
 * not the loop, and a group that has stopped does nothing any more. Thread-safe: immutable.
 */
record GuardedLoop(Executor loop, BooleanSupplier stopped,
        Consumer<Exception> failed) implements Executor {
    @Override
    public void execute(Runnable task) {
        loop.execute(() -> runGuarded(task));
    }

    private void runGuarded(Runnable task) {
        if (stopped.getAsBoolean()) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException unexpected) { // Law 5: the member stops, its data stays.
            failed.accept(unexpected);
        }
    }
}
