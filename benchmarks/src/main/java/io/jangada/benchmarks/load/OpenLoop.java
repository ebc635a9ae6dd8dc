// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import io.grpc.Status;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at a fixed rate, whether or not earlier ones were answered. A request's latency runs from the moment it was due,
 * so a server that stalls is charged for everything that had to wait: there is no coordinated omission. One thread paces;
 * beyond {@code inFlightMax} it waits for answers, and that wait too counts as latency.
 */
final class OpenLoop implements Loop, Requests.Completion {
    private static final long PAUSE_NANOS_MAX = 200_000;

    private final double perSecond;
    private final int inFlightMax;
    private final SplittableRandom random;
    private final Connections connections;
    private final Requests requests;
    private final Measurement measurement;
    private final Timeline timeline;
    private final AtomicLong inFlight = new AtomicLong();
    private final Thread pacer = new Thread(this::pace, "load-pacer");
    private volatile long stopNanos = Long.MAX_VALUE; // Written by the main thread, read by the pacer.
    private volatile long nextDueNanos; // Written by the pacer, read by the main thread.

    OpenLoop(double perSecond, int inFlightMax, long seed, Connections connections,
            Requests requests,
            Measurement measurement, Timeline timeline) {
        this.perSecond = perSecond;
        this.inFlightMax = inFlightMax;
        this.random = new SplittableRandom(seed);
        this.connections = connections;
        this.requests = requests;
        this.measurement = measurement;
        this.timeline = timeline;
        pacer.setDaemon(true);
    }

    @Override
    public void start() {
        nextDueNanos = timeline.nanos();
        pacer.start();
    }

    /** What was due before now is still sent, should the pacer be late: leaving it out would flatter the server. */
    @Override
    public void stop() {
        stopNanos = timeline.nanos();
    }

    /** Those that are due and could not be sent are among them. */
    @Override
    public long inFlight() {
        double lateNanos = Math.min(stopNanos, timeline.nanos()) - nextDueNanos;
        return inFlight.get() + (long) Math.ceil(Math.max(0, lateNanos) * perSecond / 1e9);
    }

    private void pace() {
        long originNanos = nextDueNanos;
        long dueNanos = originNanos;
        for (long n = 1; await(dueNanos); n++) {
            inFlight.incrementAndGet();
            requests.send(connections.channel(n), random, dueNanos, this);
            dueNanos = originNanos + (long) (n * 1e9 / perSecond);
            nextDueNanos = dueNanos;
        }
    }

    /** Waits until the request may be sent; false if it is due after the end. */
    private boolean await(long dueNanos) {
        while (dueNanos < stopNanos) {
            long earlyNanos = dueNanos - timeline.nanos();
            if (earlyNanos <= 0 && inFlight.get() < inFlightMax) {
                return true;
            }
            LockSupport.parkNanos(Math.clamp(earlyNanos, 1_000, PAUSE_NANOS_MAX));
        }
        return false;
    }

    @Override
    public void completed(long startNanos, Status status) {
        inFlight.decrementAndGet();
        measurement.completed(startNanos, timeline.nanos(), status);
    }
}
