// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

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
 * Proposals through cores in one thread, until every member has applied them: what the protocol itself costs, without
 * disk, network or threads. An operation is {@code inFlight} proposals; {@code applied} counts proposals.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProposeBenchmark {
    @Param({"1", "3"})
    private int members;

    @Param({"16", "256", "4096"})
    private int entryBytes;

    @Param({"1", "64", "1024"})
    private int inFlight;

    private Commands commands = new Commands(2);
    private MemoryGroup group = new MemoryGroup(1);

    /** Makes the commands and elects a leader. */
    @Setup
    public void prepare() {
        commands = new Commands(entryBytes);
        group = new MemoryGroup(members);
    }

    /** All that waits goes to the core in one call, as {@code Node} does it. */
    @Benchmark
    public void proposeBatch(Applied counter) {
        group.proposeBatch(commands, inFlight);
        counter.applied += inFlight;
    }

    /** Each proposal by a call of its own, before the leader's Ready is taken. */
    @Benchmark
    public void proposeSingly(Applied counter) {
        group.proposeSingly(commands, inFlight);
        counter.applied += inFlight;
    }
}
