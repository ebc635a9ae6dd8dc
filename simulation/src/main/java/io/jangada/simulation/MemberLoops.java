// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raftnode.Cancellable;
import io.jangada.raftnode.Clock;
import io.jangada.raftnode.EventLoop;
import io.jangada.raftnode.EventLoops;
import io.jangada.raftnode.VirtualEventLoops;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The loops of one process: they stand still together, have a clock of their own that need not run true, and end
 * together, in the middle of whatever they do. A loop whose task waits, as for a disk, runs no other meanwhile.
 */
final class MemberLoops implements EventLoops {
    private final VirtualEventLoops loops;
    private final double rate;
    private final List<Loop> all = new ArrayList<>();
    private final Loop background;
    private boolean paused;
    private boolean ended;

    /** @param rate of the process's clock: 1 runs true */
    MemberLoops(VirtualEventLoops loops, String name, double rate) {
        this.loops = loops;
        this.rate = rate;
        background = loop("background-" + name, thrown -> {
            throw new IllegalStateException("background work failed", thrown);
        });
    }

    @Override
    public Loop loop(String name, Consumer<Throwable> failed) {
        Loop loop = new Loop(name, loops.loop(name, thrown -> {
            if (!ended) {
                failed.accept(thrown);
            }
        }));
        all.add(loop);
        return loop;
    }

    @Override
    public Executor background() {
        return background;
    }

    @Override
    public Clock clock() {
        return () -> (long) (loops.clock().nanos() * rate);
    }

    /** The loop whose name begins with {@code prefix}; empty if there is none yet. */
    Optional<Loop> find(String prefix) {
        return all.stream().filter(one -> one.name.startsWith(prefix)).findFirst();
    }

    /** The process dies: nothing that it still had to do is done. */
    void end() {
        ended = true;
        all.forEach(Loop::close);
    }

    /** The process stands still, until it is woken. */
    void pause() {
        paused = true;
    }

    void wake() {
        paused = false;
        all.forEach(one -> one.loop.execute(one::goOn));
    }

    boolean isPaused() {
        return paused;
    }

    /** One loop of the process. */
    final class Loop implements EventLoop {
        private final String name;
        private final EventLoop loop;
        private final ArrayDeque<Runnable> kept = new ArrayDeque<>();
        private boolean runs;

        private Loop(String name, EventLoop loop) {
            this.name = name;
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
            AtomicBoolean cancelled = new AtomicBoolean();
            loop.schedule(() -> run(() -> {
                if (!cancelled.get()) {
                    task.run();
                }
            }), (long) (delayNanos / rate));
            return () -> cancelled.set(true);
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
            kept.add(task);
            goOn();
        }

        /** What is kept comes first, in its order. */
        private void goOn() {
            if (runs) {
                return;
            }
            runs = true;
            try {
                while (!kept.isEmpty() && !paused && !ended) {
                    kept.remove().run();
                }
            } finally {
                runs = false;
                if (!kept.isEmpty() && !paused) {
                    loop.execute(this::goOn);
                }
            }
        }
    }
}
