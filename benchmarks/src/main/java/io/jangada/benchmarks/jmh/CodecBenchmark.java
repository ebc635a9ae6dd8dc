// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.network.codec.MalformedMessageException;
import io.jangada.network.codec.MessageCodec;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import java.nio.ByteBuffer;
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

/** An append request of 16 entries, to bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
    private static final int ENTRY_COUNT = 16;
    private static final int BUFFER_BYTES = 1 << 20;

    @Param({"16", "256", "4096"})
    private int entryBytes;

    private Message message = new Message.AppendResponse(1, 2, 1, 1);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Makes the message. */
    @Setup
    public void prepare() {
        var entries = Entries.from(2, ENTRY_COUNT, Entries.data(entryBytes));
        message = new Message.AppendRequest(1, 2, 1, new EntryId(1, 1), entries, 1);
    }

    /** What a member pays for a message that it sends. */
    @Benchmark
    public ByteBuffer encode() {
        MessageCodec.encode(message, buffer.clear());
        return buffer;
    }

    /** What the group pays for it: written by one, read by the other. */
    @Benchmark
    public Message roundTrip() throws MalformedMessageException {
        MessageCodec.encode(message, buffer.clear());
        return MessageCodec.decode(buffer.flip());
    }
}
