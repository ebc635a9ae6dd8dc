// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@link ProposeBenchmark} does with our core, by MicroRaft: proposals through three members, until the leader has
 * applied them. Its members run in threads of their own, or all in one, beside the benchmark's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MicroRaftBenchmark {
    @Param({"1", "3"})
    private int threads;

    @Param({"16", "256", "4096"})
    private int entryBytes;

    @Param({"1", "64", "1024"})
    private int inFlight;

    private Commands commands = new Commands(2);
    private @Nullable MicroRaftGroup group;

    private MicroRaftGroup group() {
        if (group == null) {
            throw new IllegalStateException("the group was not started");
        }
        return group;
    }

    /** Makes the commands and elects a leader. */
    @Setup
    public void start() {
        commands = new Commands(entryBytes);
        group = new MicroRaftGroup(threads);
    }

    /** Sees that followers have kept up. */
    @TearDown(Level.Iteration)
    public void check() {
        group().check();
    }

    /** Ends the threads. */
    @TearDown
    public void stop() {
        group().stop();
    }

    /** Each proposal by a call of its own: there is no other. */
    @Benchmark
    public void propose(Applied counter) {
        group().propose(commands, inFlight);
        counter.applied += inFlight;
    }
}
