// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.RaftConfig;
import io.jangada.raft.RawNode;
import io.jangada.raft.Ready;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Ready and advance with synchronous storage writes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReadyBenchmark {
    private static final int COMPACT_EVERY = 16_384;
    private static final int ENTRY_BYTES = 16;

    private final List<Bytes> command = List.of(new Commands(ENTRY_BYTES).at(0));
    private final Message heartbeat = new Message.Heartbeat(1, 2, 1, 0, 0);
    private final MemoryStorage aloneStorage = storage(1L);
    private final RawNode alone = node(1, aloneStorage);
    private final RawNode follower = node(2, storage(1L, 2L, 3L));
    private long appliedIndex;

    /** A member alone, elected, and a follower. */
    public ReadyBenchmark() {
        alone.campaign();
        handleAll();
        follower.step(heartbeat);
        follower.ready();
        follower.advance();
    }

    private static MemoryStorage storage(Long... voters) {
        return MemoryStorage.withConfState(ConfState.ofVoters(List.of(voters)));
    }

    private static RawNode node(long id, MemoryStorage storage) {
        return new RawNode(
                RaftConfig.builder(id, storage, new SplittableRandom(id)).build());
    }

    /** Nothing is to do: what a look costs. */
    @Benchmark
    public boolean hasReady() {
        return follower.hasReady();
    }

    /** The smallest Ready: a follower's answer to a heartbeat. */
    @Benchmark
    public Ready heartbeatAnswer() {
        follower.step(heartbeat);
        Ready ready = follower.ready();
        follower.advance();
        return ready;
    }

    /** One entry of 16 bytes at a member alone, from proposal to applied: two Readies. */
    @Benchmark
    public long proposeAlone() {
        long before = appliedIndex;
        if (!(alone.propose(command) instanceof ProposeOutcome.Appended)) {
            throw new IllegalStateException("a proposal was refused");
        }
        handleAll();
        if (appliedIndex != before + 1) {
            throw new IllegalStateException("applied " + appliedIndex + " after " + before);
        }
        return appliedIndex;
    }

    private void handleAll() {
        while (alone.hasReady()) {
            Ready ready = alone.ready();
            if (!ready.hardState().isEmpty()) {
                aloneStorage.setHardState(ready.hardState());
            }
            aloneStorage.append(ready.entries());
            appliedIndex += ready.committedEntries().size();
            alone.advance();
        }
        if (appliedIndex - aloneStorage.firstIndex() >= 2 * COMPACT_EVERY) {
            compact(appliedIndex - COMPACT_EVERY);
        }
    }

    private void compact(long index) {
        try {
            aloneStorage.compact(index);
        } catch (CompactedException e) {
            throw new IllegalStateException("compacted twice up to " + index, e);
        }
    }
}
