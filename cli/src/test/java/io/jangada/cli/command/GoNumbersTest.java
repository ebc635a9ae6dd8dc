// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GoNumbersTest {
    @Test
    void readsWhatFitsIn64Bits() {
        assertThat(GoNumbers.signed("-9223372036854775808", 10)).isEqualTo(Long.MIN_VALUE);
        assertThat(GoNumbers.signed("7fffffffffffffff", 16)).isEqualTo(Long.MAX_VALUE);
        assertThat(GoNumbers.unsigned("FFFFFFFFFFFFFFFF")).isEqualTo(-1);
    }

    @Test
    void refusesTheRestInGosWords() {
        refuses(() -> GoNumbers.signed("9223372036854775808", 10),
                "strconv.ParseInt: parsing \"9223372036854775808\": value out of range");
        refuses(() -> GoNumbers.unsigned("10000000000000000"),
                "strconv.ParseUint: parsing \"10000000000000000\": value out of range");
        refuses(() -> GoNumbers.unsigned("-1"),
                "strconv.ParseUint: parsing \"-1\": invalid syntax");
        refuses(() -> GoNumbers.signed("0x12", 16),
                "strconv.ParseInt: parsing \"0x12\": invalid syntax");
        refuses(() -> GoNumbers.signed("", 10), "strconv.ParseInt: parsing \"\": invalid syntax");
        refuses(() -> GoNumbers.signed("\u0663", 10),
                "strconv.ParseInt: parsing \"\u0663\": invalid syntax");
    }

    private static void refuses(Runnable parse, String why) {
        assertThatThrownBy(parse::run).isInstanceOf(NumberFormatException.class).hasMessage(why);
    }
}
