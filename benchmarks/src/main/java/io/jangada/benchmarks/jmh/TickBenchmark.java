// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One tick of every member of idle groups of three, all in one thread. A heartbeat is due at each tick, so that each leader
 * sends two and gets two answers, and every member has a Ready.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TickBenchmark {
    @Param("1000")
    private int groupCount;

    private final List<MemoryGroup> groups = new ArrayList<>();

    /** Elects the leaders. */
    @Setup
    public void prepare() {
        for (int i = 0; i < groupCount; i++) {
            groups.add(new MemoryGroup(3));
        }
    }

    /** A tick of all groups. */
    @Benchmark
    public void tick() {
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).tick();
        }
    }
}
