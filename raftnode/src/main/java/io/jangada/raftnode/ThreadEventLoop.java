// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * A loop with a platform thread of its own, which sleeps only when nothing is queued. The queue has no
 * bound: what may be in it is bounded by those who give tasks.
 */
final class ThreadEventLoop implements EventLoop {
    private static final int CHUNK = 1024;

    private final MpscUnboundedArrayQueue<Runnable> tasks = new MpscUnboundedArrayQueue<>(CHUNK);
    /** Touched by the loop's thread only. */
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Clock clock;
    private final Consumer<Throwable> failed;
    private final Thread thread;
    /** Set by the loop before it sleeps, cleared by whoever wakes it. */
    private final AtomicBoolean sleeping = new AtomicBoolean();
    /** Written once by {@link #close}, read by all. */
    private volatile boolean closed;
    private long timerCount;

    private static final class Timer implements Comparable<Timer> {
        private final long dueNanos;
        private final Runnable task;
        private final AtomicBoolean open = new AtomicBoolean(true);
        private long sequence;

        Timer(long dueNanos, Runnable task) {
            this.dueNanos = dueNanos;
            this.task = task;
        }

        @Override
        public int compareTo(Timer that) {
            int byTime = Long.signum(dueNanos - that.dueNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, that.sequence);
        }
    }

    ThreadEventLoop(String name, Clock clock, Consumer<Throwable> failed) {
        this.clock = clock;
        this.failed = failed;
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        if (!closed) {
            tasks.offer(task);
            wake();
        }
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
        Timer timer = new Timer(clock.nanos() + delayNanos, task);
        execute(() -> {
            timer.sequence = timerCount++;
            timers.add(timer);
        });
        return () -> timer.open.set(false);
    }

    @Override
    public void executeAndWait(Runnable task) {
        if (inLoop()) {
            throw new IllegalStateException("a loop cannot wait for itself");
        }
        CountDownLatch done = new CountDownLatch(1);
        execute(() -> {
            try {
                task.run();
            } finally {
                done.countDown();
            }
        });
        try {
            while (!done.await(100, TimeUnit.MILLISECONDS)) {
                if (!thread.isAlive()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }

    private void wake() {
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (true) {
            boolean worked = runDue();
            Runnable task;
            while ((task = tasks.poll()) != null) {
                worked = true;
                runOne(task);
            }
            if (!worked && closed) {
                return;
            }
            if (!worked) {
                sleep();
            }
        }
    }

    private boolean runDue() {
        boolean worked = false;
        while (!timers.isEmpty() && timers.peek().dueNanos - clock.nanos() <= 0) {
            Timer timer = timers.remove();
            if (!closed && timer.open.getAndSet(false)) {
                worked = true;
                runOne(timer.task);
            }
        }
        return worked;
    }

    private void runOne(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) { // The thread's run: whoever owns the loop decides.
            failed.accept(thrown);
        }
    }

    /* Sets the flag first and looks again after: a task that is given in between either sees the flag
     * and wakes the thread, or is seen here. */
    private void sleep() {
        sleeping.set(true);
        if (tasks.isEmpty() && !closed) {
            if (timers.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, timers.peek().dueNanos - clock.nanos());
            }
        }
        sleeping.set(false);
    }
}
