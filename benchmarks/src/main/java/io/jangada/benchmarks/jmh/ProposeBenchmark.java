// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.storage.CompactedException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Proposals through three cores in one thread, until the leader has applied them: what the protocol itself costs, without
 * disk, network or threads. {@code applied} counts entries; the benchmark's own score counts batches of {@code inFlight}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProposeBenchmark {
    @Param({"16", "256", "4096"})
    private int entryBytes;

    @Param({"1", "64", "1024"})
    private int inFlight;

    private Bytes data = Bytes.EMPTY;
    private MemoryGroup group;

    /** Starts with an elected leader. */
    public ProposeBenchmark() {
        group = newGroup();
    }

    private static MemoryGroup newGroup() {
        try {
            return new MemoryGroup();
        } catch (CompactedException e) {
            throw new IllegalStateException("a new log is not compacted", e);
        }
    }

    /** Counts entries, so that the columns compare. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Counters {
        /** Entries applied by the leader. */
        public long applied;

        /** Starts an iteration. */
        @Setup(Level.Iteration)
        public void reset() {
            applied = 0;
        }
    }

    /** Makes the command. */
    @Setup
    public void prepare() {
        data = Entries.data(entryBytes);
        group = newGroup();
    }

    /** One batch of proposals, proposed singly, applied. */
    @Benchmark
    public long propose(Counters counters) throws CompactedException {
        counters.applied += inFlight;
        return group.propose(data, inFlight);
    }
}
