// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.Allocation;
import io.jangada.network.Mutations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes as a network delivers them, in pieces of any size, and as it should not. */
class FrameFuzzTest {
    private static final int FRAME_BYTES_MAX = 4_096;

    /**
     * What came of some bytes.
     *
     * @param frames kind, group and hash of each body
     * @param reason why the connection was closed
     */
    private record Outcome(List<String> frames, String reason) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void framesComeWholeHoweverTheyAreCut(long seed) {
        var random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            var expected = new ArrayList<String>();
            var all = new ByteArrayOutputStream();
            for (int i = random.nextInt(10); i >= 0; i--) {
                FrameKind kind = oneOf(FrameKind.values(), random);
                byte[] body = new byte[random.nextInt(FRAME_BYTES_MAX - Frame.HEAD_BYTES + 1)];
                random.nextBytes(body);
                long group = random.nextLong();
                all.writeBytes(frame(kind, group, body));
                expected.add(told(kind, group, ByteBuffer.wrap(body)));
            }
            Outcome outcome = received(all.toByteArray(), random);
            assertThat(outcome.frames()).as("seed %s run %s", seed, run).isEqualTo(expected);
            assertThat(outcome.reason()).isEqualTo(Connection.CLOSED_BY_OTHER);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6, 7})
    void damagedFramesCloseTheConnectionAndNothingElseHappens(long seed) {
        var random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            byte[] body = new byte[random.nextInt(500)];
            random.nextBytes(body);
            byte[] good = frame(FrameKind.MESSAGE, 1, body);
            byte[] bytes = Mutations.of(good, frame(FrameKind.PING, 2, new byte[0]), random);
            Outcome outcome = received(bytes, random);

            // An exception that nobody expected would be a reason too.
            assertThat(outcome.reason()).as("seed %s run %s", seed, run)
                    .doesNotContain("Exception").containsAnyOf("frame", "TLS",
                            Connection.CLOSED_BY_OTHER);
            assertThat(outcome.frames()).isSubsetOf(told(FrameKind.MESSAGE, 1,
                    ByteBuffer.wrap(body)), told(FrameKind.PING, 2, ByteBuffer.allocate(0)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 9})
    void noiseIsNeverTakenForAFrame(long seed) {
        var random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            byte[] noise = new byte[random.nextInt(2_000)];
            random.nextBytes(noise);
            assertThat(received(noise, random).frames()).as("seed %s run %s", seed, run).isEmpty();
        }
    }

    /** Whatever length is said: what is held is what came, and never more than a frame and a piece. */
    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, 13, FRAME_BYTES_MAX + 1})
    void aLengthOutOfBoundsIsRefusedBeforeAnythingIsAllocatedForIt(int length) {
        var random = new Random(1);
        byte[] bytes = ByteBuffer.allocate(8).putInt(length).array();
        received(bytes, random);
        long before = Allocation.bytes();
        Outcome outcome = received(bytes, random);

        assertThat(Allocation.bytes() - before).isLessThan(256 << 10);
        assertThat(outcome.reason()).contains("a frame of " + Integer.toUnsignedString(length)
                + " bytes, where 14 to 4096 are allowed");
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 513})
    void beforeTheHandshakeAFrameHasAtMost512Bytes(int length) {
        var told = new ArrayList<String>();
        var conversation = new Recorder(told);
        var channel = new EmbeddedChannel();
        channel.pipeline().addLast(new Connection(channel, conversation));
        channel.writeInbound(Unpooled.wrappedBuffer(
                frame(FrameKind.HELLO, 0, new byte[length - Frame.HEAD_BYTES])));

        assertThat(channel.isOpen()).isEqualTo(length <= 512);
        assertThat(told).hasSize(length <= 512 ? 1 : 0);
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 11, 12})
    void introductionsAreIntroductionsOrRefusals(long seed) throws ProtocolException {
        var random = new Random(seed);
        for (int run = 0; run < 20_000; run++) {
            var hello = new Hello(random.nextLong(), random.nextLong(), random.nextLong(),
                    oneOf(StreamKind.values(), random),
                    oneOf(Compression.values(), random));
            assertThat(Hello.decode(hello.encoded())).isEqualTo(hello);
            byte[] bytes = Mutations.of(hello.encoded().array(), hello.encoded().array(), random);
            try {
                assertThat(Hello.decode(ByteBuffer.wrap(bytes)).encoded().remaining())
                        .isEqualTo(hello.encoded().remaining());
            } catch (ProtocolException refused) {
                assertThat(refused.getMessage()).as("seed %s run %s", seed, run).isNotEmpty();
            }
        }
    }

    private static <T> T oneOf(T[] values, Random random) {
        return List.of(values).get(random.nextInt(values.length));
    }

    private static Outcome received(byte[] bytes, Random random) {
        var told = new ArrayList<String>();
        var conversation = new Recorder(told);
        var channel = new EmbeddedChannel();
        var connection = new Connection(channel, conversation);
        connection.become(conversation, FRAME_BYTES_MAX);
        channel.pipeline().addLast(connection);
        int at = 0;
        while (at < bytes.length && channel.isOpen()) {
            int size = Math.min(1 + random.nextInt(700), bytes.length - at);
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, size));
            at += size;
        }
        channel.finishAndReleaseAll();
        return new Outcome(told, conversation.reason);
    }

    private static byte[] frame(FrameKind kind, long group, byte[] body) {
        ByteBuf frame = Frame.of(UnpooledByteBufAllocator.DEFAULT, kind, group,
                ByteBuffer.wrap(body));
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes).release();
        return bytes;
    }

    private static String told(FrameKind kind, long group, ByteBuffer body) {
        return kind + " " + group + " " + body.remaining() + " " + body.hashCode();
    }

    private static final class Recorder implements Conversation {
        private final List<String> told;
        private String reason = "";

        Recorder(List<String> told) {
            this.told = told;
        }

        @Override
        public void frame(FrameKind kind, long group, ByteBuffer body) {
            told.add(told(kind, group, body));
        }

        @Override
        public void idle() {}

        @Override
        public void writable() {}

        @Override
        public void closed(String why) {
            reason = why;
        }
    }
}
