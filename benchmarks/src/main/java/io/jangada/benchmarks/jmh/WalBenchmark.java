// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.HardState;
import io.jangada.wal.Wal;
import io.jangada.wal.WalConfig;
import io.jangada.wal.WalIdentity;
import io.jangada.wal.disk.FileDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * One batch on a real disk: entries of 256 bytes appended, then one force. The directory is a new one below
 * {@code java.io.tmpdir}, which must lie on the disk that is meant.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WalBenchmark {
    private static final long GROUP = 1;
    private static final int ENTRY_BYTES = 256;

    @Param({"1", "16", "256"})
    private int batchEntries;

    private final Bytes data = Entries.data(ENTRY_BYTES);
    private @Nullable Path directory;
    private @Nullable Wal wal;
    private long nextIndex = 1;

    /** Begins a log. */
    @Setup(Level.Iteration)
    public void begin() throws IOException {
        nextIndex = 1;
        directory = Files.createTempDirectory("jangada-wal-benchmark");
        wal = Wal.open(new FileDisk(), directory.resolve("wal"), WalConfig.DEFAULT,
                new WalIdentity(1, 1)).wal();
    }

    /** Ends the log and deletes it. */
    @TearDown(Level.Iteration)
    public void end() throws IOException {
        if (wal != null) {
            wal.close();
        }
        if (directory != null) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Time of a batch. */
    @Benchmark
    public void appendAndForce() throws IOException {
        if (wal == null) {
            throw new IllegalStateException("the log was not begun");
        }
        wal.append(GROUP, HardState.EMPTY, Entries.from(nextIndex, batchEntries, data));
        wal.force();
        nextIndex += batchEntries;
    }
}
