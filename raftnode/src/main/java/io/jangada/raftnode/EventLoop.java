// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.util.concurrent.Executor;

/**
 * One thread of execution that runs tasks in the order in which they were given. What belongs to a
 * loop is touched by its tasks only, and so needs no lock. A task never blocks, unless the loop is
 * there for blocking work: the WAL loop waits for the disk, the apply loop for the state machine.
 *
 * <p>Thread-safe.
 */
public interface EventLoop extends Executor, AutoCloseable {

    /** Whether the caller is a task of this loop. */
    boolean inLoop();

    /** Runs {@code task} after all that was given before. After {@link #close} it is dropped. */
    @Override
    void execute(Runnable task);

    /**
     * Runs {@code task} once after {@code delayNanos}.
     *
     * @param delayNanos at least 0
     */
    Cancellable schedule(Runnable task, long delayNanos);

    /**
     * Runs {@code task} as a task of this loop and waits until it has. Not for tasks of a loop: for
     * starting and stopping.
     */
    void executeAndWait(Runnable task);

    /** Runs what was given before, drops what is scheduled, and ends. Does not wait. Idempotent. */
    @Override
    void close();
}
