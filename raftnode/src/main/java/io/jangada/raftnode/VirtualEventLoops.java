// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Loops that all run in the caller's thread, one task after the other, in virtual time, which jumps
 * from one task to the next: for tests and the simulator. The same calls run the same tasks in the same
 * order. For one thread.
 */
public final class VirtualEventLoops implements EventLoops {
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final LongSupplier delaysNanos;
    private final EventLoop background = loop("background", VirtualEventLoops::rethrow);
    private long nowNanos;
    private long sequence;
    private @Nullable EventLoop running;

    /** Belongs to this class; a cancelled one stays in the queue until its time. */
    private static final class Task implements Comparable<Task> {
        private final long dueNanos;
        private final long sequence;
        private final Loop loop;
        private final Runnable work;
        private boolean cancelled;

        Task(long dueNanos, long sequence, Loop loop, Runnable work) {
            this.dueNanos = dueNanos;
            this.sequence = sequence;
            this.loop = loop;
            this.work = work;
        }

        @Override
        public int compareTo(Task that) {
            int byTime = Long.compare(dueNanos, that.dueNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, that.sequence);
        }
    }

    private final class Loop implements EventLoop {
        private final String name;
        private final Consumer<Throwable> failed;
        private boolean closed;
        /** When the last task that does not wait for a time of its own has its turn: none overtakes it. */
        private long turnNanos;

        Loop(String name, Consumer<Throwable> failed) {
            this.name = name;
            this.failed = failed;
        }

        @Override
        public boolean inLoop() {
            return running == this;
        }

        @Override
        public void execute(Runnable task) {
            turnNanos = Math.max(turnNanos, nowNanos + delaysNanos.getAsLong());
            add(task, turnNanos);
        }

        @Override
        public Cancellable schedule(Runnable task, long delayNanos) {
            Task added = add(task, nowNanos + delayNanos + delaysNanos.getAsLong());
            return () -> added.cancelled = true;
        }

        private Task add(Runnable task, long dueNanos) {
            Task added = new Task(dueNanos, sequence++, this, task);
            if (!closed) {
                tasks.add(added);
            }
            return added;
        }

        @Override
        public void executeAndWait(Runnable task) {
            run(task);
        }

        @Override
        public void close() {
            closed = true;
        }

        private void run(Runnable task) {
            EventLoop before = running;
            running = this;
            try {
                task.run();
            } catch (RuntimeException | Error thrown) { // As a thread's run would.
                failed.accept(thrown);
            } finally {
                running = before;
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** At time 0, with nothing to do; a task has its turn at once. */
    public VirtualEventLoops() {
        this(() -> 0);
    }

    /**
     * At time 0, with nothing to do.
     *
     * @param delaysNanos how long each task waits for its turn, as for a processor: what loops do at the same
     *     time then comes in an order that this decides. Within a loop the order stays
     */
    public VirtualEventLoops(LongSupplier delaysNanos) {
        this.delaysNanos = delaysNanos;
    }

    @Override
    public EventLoop loop(String name, Consumer<Throwable> failed) {
        return new Loop(name, failed);
    }

    @Override
    public Executor background() {
        return background;
    }

    @Override
    public Clock clock() {
        return () -> nowNanos;
    }

    /** The name of the loop whose task runs now; empty if none does. */
    public String current() {
        return running == null ? "" : running.toString();
    }

    /** Runs the next task, at its time; false if there is none. */
    public boolean runNext() {
        Task next = tasks.poll();
        if (next == null) {
            return false;
        }
        if (!next.cancelled && !next.loop.closed) {
            nowNanos = Math.max(nowNanos, next.dueNanos);
            next.loop.run(next.work);
        }
        return true;
    }

    /** Runs all that is due within {@code span} of virtual time. */
    public void runFor(Duration span) {
        runUntil(() -> false, span);
    }

    /**
     * Runs until {@code reached}, looking after each task.
     *
     * @return false if it was not reached within {@code span} of virtual time, which has then passed
     */
    public boolean runUntil(BooleanSupplier reached, Duration span) {
        long endNanos = nowNanos + span.toNanos();
        while (!reached.getAsBoolean()) {
            Task next = tasks.peek();
            if (next == null || next.dueNanos > endNanos) {
                nowNanos = Math.max(nowNanos, endNanos);
                return false;
            }
            runNext();
        }
        return true;
    }

    private static void rethrow(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException("background work failed", thrown);
    }
}
