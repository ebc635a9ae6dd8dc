// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import io.grpc.Status;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * What happened in the measured window of a run. Thread-safe: the recorder and the adders are; the window's ends are written
 * by the main thread and read by the event loops.
 */
final class Measurement {
    private static final long LATENCY_MICROS_MAX = 600_000_000;
    private static final int DIGITS = 3;

    private final CountedBy countedBy;
    private final Recorder latencyMicros = new Recorder(1, LATENCY_MICROS_MAX, DIGITS);
    private final Map<Status.Code, LongAdder> errors = new ConcurrentHashMap<>();
    private volatile Window window = new Window(Long.MAX_VALUE, Long.MAX_VALUE);

    /** Which moment of a request must lie in the window for the request to count. */
    enum CountedBy {
        /** A closed loop: what was completed in the window gives the throughput. */
        COMPLETION,
        /** An open loop: every request that was due in the window counts, however late its answer. */
        START
    }

    private record Window(long startNanos, long endNanos) {
        boolean contains(long nanos) {
            return nanos >= startNanos && nanos < endNanos;
        }
    }

    Measurement(CountedBy countedBy) {
        this.countedBy = countedBy;
    }

    void open(long startNanos, long endNanos) {
        window = new Window(startNanos, endNanos);
    }

    /** Adds a request that is over. */
    void completed(long startNanos, long endNanos, Status status) {
        long counted = countedBy == CountedBy.START ? startNanos : endNanos;
        if (!window.contains(counted)) {
            return;
        }
        if (!status.isOk()) {
            errors.computeIfAbsent(status.getCode(), ignored -> new LongAdder()).increment();
            return;
        }
        long micros = (endNanos - startNanos + 999) / 1000;
        latencyMicros.recordValue(Math.clamp(micros, 1, LATENCY_MICROS_MAX));
    }

    /** Latencies of the successful requests, in microseconds; to be asked once, at the end. */
    Histogram latencyMicros() {
        return latencyMicros.getIntervalHistogram();
    }

    /** How many requests failed, by gRPC status. */
    Map<String, Long> errors() {
        Map<String, Long> counts = new TreeMap<>();
        errors.forEach((code, count) -> counts.put(code.name(), count.sum()));
        return counts;
    }
}
