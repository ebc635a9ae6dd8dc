// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.raft.StepOutcome;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Steps of one message, as a member of a group of three whose other members are not there. An operation is one step of
 * {@link #STEPS} in a row, with what it needs besides: the message is made, and in the end a Ready is dealt with.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StepBenchmark {
    private static final int STEPS = 256;
    private static final List<Long> VOTERS = List.of(1L, 2L, 3L);
    private static final int ENTRY_BYTES = 16;

    private final Commands commands = new Commands(ENTRY_BYTES);
    private final List<Bytes> batch = new ArrayList<>();
    private MemoryMember follower = newMember(2);
    private MemoryMember leader = newMember(1);
    private long followerIndex;
    private long leaderIndex;

    private static MemoryMember newMember(long id) {
        return new MemoryMember(id, VOTERS, message -> {});
    }

    /** Member 2 hears of leader 1; member 1 is elected by the vote of 2. */
    @Setup
    public void prepare() {
        follower = newMember(2);
        followerIndex = 0;
        leader = newMember(1);
        leader.node().campaign();
        settle(leader);
        step(leader, new Message.PreVoteResponse(2, 1, 1, true));
        settle(leader);
        step(leader, new Message.VoteResponse(2, 1, 1, true));
        settle(leader);
        leaderIndex = 1;
        step(leader, new Message.AppendResponse(2, 1, 1, leaderIndex));
        step(leader, new Message.AppendResponse(3, 1, 1, leaderIndex));
        settle(leader);
        if (leader.node().leader() != 1) {
            throw new IllegalStateException("member 1 does not lead");
        }
    }

    private static void settle(MemoryMember member) {
        boolean busy = true;
        while (busy) {
            busy = member.handleReady();
        }
    }

    private static void step(MemoryMember member, Message message) {
        if (!member.node().step(message).equals(StepOutcome.ACCEPTED)) {
            throw new IllegalStateException("not accepted: " + message);
        }
    }

    /** A follower steps an append of one entry of 16 bytes, which commits the one before. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void appendRequest() {
        for (int i = 0; i < STEPS; i++) {
            long previous = followerIndex++;
            var entry = new Entry(1, followerIndex, EntryType.NORMAL, commands.at(previous));
            step(follower, new Message.AppendRequest(1, 2, 1,
                    new EntryId(previous == 0 ? 0 : 1, previous), List.of(entry), previous));
        }
        settle(follower);
    }

    /** A leader steps an answer that commits one entry of 16 bytes, which it tells both followers. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void appendResponse() {
        for (int i = 0; i < STEPS; i++) {
            batch.add(commands.at(leaderIndex - 1 + i));
        }
        leader.propose(batch);
        batch.clear();
        settle(leader);
        for (int i = 0; i < STEPS; i++) {
            leaderIndex++;
            step(leader, new Message.AppendResponse(2, 1, 1, leaderIndex));
        }
        step(leader, new Message.AppendResponse(3, 1, 1, leaderIndex));
        settle(leader);
    }
}
