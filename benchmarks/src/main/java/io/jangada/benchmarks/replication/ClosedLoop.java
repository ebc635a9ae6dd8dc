// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * A closed loop: a fixed number of proposals outstanding; whoever brings an answer makes the next proposal. The first that
 * is not applied ends the load, which then fails. Thread-safe.
 */
final class ClosedLoop {
    private static final long LATENCY_NANOS_MAX = TimeUnit.SECONDS.toNanos(600);
    private static final int DIGITS = 3;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_MILLIS = 5;

    private final ReplicatedGroup group;
    private final Recorder latencyNanos = new Recorder(1, LATENCY_NANOS_MAX, DIGITS);
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder completed = new LongAdder();
    /** Written by any thread, read by those that bring answers. */
    private volatile boolean stopped;
    /** Written by those that bring answers, read by the main thread. */
    private volatile boolean refused;

    ClosedLoop(ReplicatedGroup group) {
        this.group = group;
    }

    void start(int inFlight) {
        for (int i = 0; i < inFlight; i++) {
            new Slot().next();
        }
    }

    /** Latencies since the last call; main thread. */
    Histogram latencyNanos() {
        return latencyNanos.getIntervalHistogram();
    }

    /** Proposals applied since the start. */
    long completed() {
        return completed.sum();
    }

    /**
     * Makes no new proposals and waits for those that are open.
     *
     * @throws IOException if one was not applied, or is still open after 30 s
     */
    void stop() throws IOException, InterruptedException {
        stopped = true;
        long begunNanos = System.nanoTime();
        while (open.get() > 0) {
            if (System.nanoTime() - begunNanos > DRAIN_NANOS) {
                throw new IOException(open.get() + " proposals without an answer after 30 s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        if (refused) {
            throw new IOException("a proposal was not applied");
        }
    }

    /** One of the proposals that are outstanding. Used by one thread at a time. */
    private final class Slot implements Completion {
        private long begunNanos;

        void next() {
            if (!stopped) {
                open.incrementAndGet();
                begunNanos = System.nanoTime();
                group.propose(this);
            }
        }

        @Override
        public void completed(boolean applied) {
            if (applied) {
                long tookNanos = System.nanoTime() - begunNanos;
                latencyNanos.recordValue(Math.clamp(tookNanos, 1, LATENCY_NANOS_MAX));
                completed.increment();
                next();
            } else {
                refused = true;
                stopped = true;
            }
            open.decrementAndGet();
        }
    }
}
