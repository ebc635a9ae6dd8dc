// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.Allocation;
import io.jangada.network.Mutations;
import io.jangada.network.Samples;
import io.jangada.raft.model.Message;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes come, they are a message or a refusal, and cost memory in proportion to their number. */
class CodecFuzzTest {
    /** An entry of two bytes becomes objects of about 100. */
    private static final int OBJECT_BYTES_MAX = 100;
    /** The decoder itself, an exception with its text and trace. */
    private static final int FIXED_BYTES_MAX = 16 << 10;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomMessagesOfEveryKindSurvive(long seed) throws MalformedMessageException {
        var random = new Random(seed);
        for (int run = 0; run < 5_000; run++) {
            Message message = Samples.random(random);
            byte[] bytes = encode(message);
            assertThat(MessageCodec.decode(ByteBuffer.wrap(bytes)))
                    .as("seed %s run %s", seed, run).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6, 7})
    void mutatedMessagesAreMessagesOrRefusals(long seed) {
        var random = new Random(seed);
        for (int run = 0; run < 20_000; run++) {
            decode(Mutations.of(encode(Samples.random(random)), encode(Samples.random(random)),
                    random), "seed " + seed + " run " + run);
        }
    }

    /** The most objects for the fewest bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"3a00", "4a00", "4a021200", "6200", "0801", "f80100"})
    void manySmallFieldsCostNoMoreThanInProportion(String field) {
        byte[] one = HexFormat.of().parseHex(field);
        byte[] many = new byte[one.length * 20_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = one[i % one.length];
        }
        decode(many, field);
    }

    private static void decode(byte[] bytes, String what) {
        // The first time, the JVM links what builds the text of a refusal.
        Optional<Message> message = decoded(bytes);
        long before = Allocation.bytes();
        Optional<Message> again = decoded(bytes);
        long allocated = Allocation.bytes() - before;
        assertThat(again).as(what).isEqualTo(message);
        assertThat(allocated).as(what).isLessThanOrEqualTo(
                (long) OBJECT_BYTES_MAX * bytes.length + FIXED_BYTES_MAX);
        message.ifPresent(decoded -> assertThat(encode(decoded)).as(what).isNotEmpty());
    }

    private static Optional<Message> decoded(byte[] bytes) {
        try {
            return Optional.of(MessageCodec.decode(ByteBuffer.wrap(bytes)));
        } catch (MalformedMessageException refused) {
            return Optional.empty();
        }
    }

    private static byte[] encode(Message message) {
        ByteBuffer target = ByteBuffer.allocate((int) MessageCodec.encodedBytes(message));
        MessageCodec.encode(message, target);
        return target.array();
    }
}
