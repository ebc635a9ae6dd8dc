// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {

    @Test
    void whatTheLocaleCannotReadIsReadAsUtf8() {
        String[] read = {"put", "k\ufffd\ufffd", "", "v"};

        assertThat(RawArguments.of(read, line("java\0-cp\0x\0Main\0put\0k\u00e9\0\0v\0")))
                .containsExactly("put", "k\u00e9", "", "v");
    }

    @Test
    void whatIsNoUtf8IsKept() {
        byte[] line = "java\0Main\0get\0a!b\0".getBytes(StandardCharsets.ISO_8859_1);
        line[15] = (byte) 0xff;

        assertThat(RawArguments.of(new String[]{"get", "a\ufffdb"}, line))
                .containsExactly("get", "a\udcffb");
    }

    @Test
    void aLineThatDoesNotGoWithTheArgumentsIsLeftAlone() {
        String[] read = {"put", "k\ufffd"};

        assertThat(RawArguments.of(read, line("java\0Main\0get\0k\u00e9\0"))).isSameAs(read);
        assertThat(RawArguments.of(read, line("k\u00e9\0"))).isSameAs(read);
        assertThat(RawArguments.of(read, new byte[0])).isSameAs(read);
    }

    @Test
    void plainArgumentsAreTakenAsTheyAre() {
        String[] plain = {"put", "--lease=1f", "k"};

        assertThat(RawArguments.of(plain)).isSameAs(plain);
    }

    private static byte[] line(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
