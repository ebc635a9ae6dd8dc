// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\u00e9\u20ac", "\ud83d\udc80", "\u0000\u007f\ufffd"})
    void characterStaysCharacter(String text) {
        assertThat(ByteText.decode(ByteString.copyFromUtf8(text))).isEqualTo(text);
        assertThat(ByteText.encode(text)).isEqualTo(ByteString.copyFromUtf8(text));
    }

    @Test
    void bytesThatAreNoCharacterStandAlone() {
        assertThat(ByteText.decode(bytes(0x61, 0xff, 0xc3, 0xa9, 0xe2, 0x82)))
                .isEqualTo("a\udcff\u00e9\udce2\udc82");
        assertThat(ByteText.encode("\udcff\ud83d\udc80\udc80"))
                .isEqualTo(bytes(0xff, 0xf0, 0x9f, 0x92, 0x80, 0x80));
    }

    @Test
    void nothingIsLostOfAnyBytes() {
        long seed = 20261127;
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] some = new byte[random.nextInt(12)];
            random.nextBytes(some);
            ByteString bytes = ByteString.copyFrom(some);
            assertThat(ByteText.encode(ByteText.decode(bytes))).as("seed %d, round %d", seed, i)
                    .isEqualTo(bytes);
        }
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }
}
