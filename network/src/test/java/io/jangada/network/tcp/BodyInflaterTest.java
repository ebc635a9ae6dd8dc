// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyInflaterTest {
    private static final int BYTES_MAX = 1 << 20;

    private final BodyDeflater deflater = new BodyDeflater();
    private final BodyInflater inflater = new BodyInflater();

    @AfterEach
    void close() {
        deflater.close();
        inflater.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsDeflatedIsInflated(long seed) throws ProtocolException {
        var random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            ByteBuffer body = compressible(random, 1024 + random.nextInt(100_000));
            ByteBuffer deflated = deflated(body);
            assertThat(deflated.remaining()).isLessThan(body.remaining());
            assertThat(inflater.inflate(deflated, BYTES_MAX)).isEqualTo(body);
        }
    }

    @Test
    void whatDoesNotGetSmallerIsLeftAsItIs() {
        byte[] random = new byte[10_000];
        new Random(1).nextBytes(random);

        assertThat(deflater.deflate(ByteBuffer.wrap(random))).isNull();
        assertThat(deflater.deflate(ByteBuffer.allocate(1023))).as("small").isNull();
        assertThat(deflater.deflate(ByteBuffer.allocate(1024))).isNotNull();
    }

    @Test
    void aSizeBeyondWhatIsAllowedOrPossibleIsRefusedBeforeItIsAllocated() {
        ByteBuffer deflated = deflated(ByteBuffer.allocate(BYTES_MAX));
        assertThatThrownBy(() -> inflater.inflate(deflated.duplicate(), BYTES_MAX - 1))
                .isInstanceOf(ProtocolException.class).hasMessageContaining("allowed");
        for (int size : new int[]{Integer.MAX_VALUE, 1032 * 16 + 1, 0, -1}) {
            ByteBuffer bomb = ByteBuffer.allocate(20).putInt(0, size);
            assertThatThrownBy(() -> inflater.inflate(bomb, Integer.MAX_VALUE - 1))
                    .as("%s", size).isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("allowed");
        }
    }

    @Test
    void anotherSizeThanSaidIsRefused() {
        ByteBuffer deflated = deflated(ByteBuffer.allocate(5_000));
        for (int size : new int[]{4_999, 5_001}) {
            ByteBuffer lying = ByteBuffer.allocate(deflated.remaining()).put(deflated.duplicate())
                    .flip().putInt(0, size);
            assertThatThrownBy(() -> inflater.inflate(lying, BYTES_MAX))
                    .isInstanceOf(ProtocolException.class);
        }
        ByteBuffer longer = ByteBuffer.allocate(deflated.remaining() + 1)
                .put(deflated.duplicate()).rewind();
        assertThatThrownBy(() -> inflater.inflate(longer, BYTES_MAX))
                .isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void damagedBytesAreABodyOrARefusal(long seed) {
        var random = new Random(seed);
        for (int run = 0; run < 3_000; run++) {
            ByteBuffer deflated = deflated(compressible(random, 2_000));
            assertThat(deflated).isNotNull();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                deflated.put(random.nextInt(deflated.remaining()), (byte) random.nextInt());
            }
            try {
                assertThat(inflater.inflate(deflated, BYTES_MAX).remaining())
                        .as("seed %s run %s", seed, run).isLessThanOrEqualTo(BYTES_MAX);
            } catch (ProtocolException refused) {
                assertThat(refused).hasMessageContaining("deflated");
            }
        }
    }

    private ByteBuffer deflated(ByteBuffer body) {
        return Objects.requireNonNull(deflater.deflate(body));
    }

    private static ByteBuffer compressible(Random random, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) random.nextInt(4);
        }
        return ByteBuffer.wrap(bytes);
    }
}
