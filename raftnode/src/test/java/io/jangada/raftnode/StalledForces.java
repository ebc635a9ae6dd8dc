// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.wal.disk.MemoryDisk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Disks whose forces take virtual time: the WAL loop that forces waits, and all other loops go on meanwhile. They
 * run within the force, and what is for the loop that waits is kept until it has ended.
 */
final class StalledForces implements EventLoops {
    private static final String WAL = "wal-";

    private final VirtualEventLoops loops;
    private final Map<Long, Duration> spans = new HashMap<>();

    StalledForces(VirtualEventLoops loops) {
        this.loops = loops;
    }

    /** From now on each force of the member's log takes {@code span}; zero ends that. */
    void forcesTake(long member, Duration span) {
        spans.put(member, span);
    }

    /** {@code disk} is the member's. */
    void watch(long member, MemoryDisk disk) {
        disk.beforeForces(() -> stall(member));
    }

    @Override
    public EventLoop loop(String name, Consumer<Throwable> failed) {
        return new WaitingLoop(loops.loop(name, failed));
    }

    @Override
    public Executor background() {
        return loops.background();
    }

    @Override
    public Clock clock() {
        return loops.clock();
    }

    /** Called within a force. */
    private void stall(long member) {
        Duration span = spans.getOrDefault(member, Duration.ZERO);
        if (!span.isZero() && loops.current().startsWith(WAL)) {
            loops.runFor(span);
        }
    }

    /** Runs no task while one of its tasks waits. */
    private static final class WaitingLoop implements EventLoop {
        private final EventLoop loop;
        private final ArrayDeque<Runnable> kept = new ArrayDeque<>();
        private boolean runs;

        WaitingLoop(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public boolean inLoop() {
            return loop.inLoop();
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(() -> run(task));
        }

        @Override
        public Cancellable schedule(Runnable task, long delayNanos) {
            return loop.schedule(() -> run(task), delayNanos);
        }

        @Override
        public void executeAndWait(Runnable task) {
            loop.executeAndWait(task);
        }

        @Override
        public void close() {
            loop.close();
        }

        private void run(Runnable task) {
            if (runs) {
                kept.add(task);
                return;
            }
            runs = true;
            try {
                task.run();
            } finally {
                runs = false;
                while (!kept.isEmpty()) {
                    execute(kept.remove());
                }
            }
        }
    }

}
