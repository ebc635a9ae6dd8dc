// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoTextTest {
    @ParameterizedTest
    @CsvSource({"0, 0 B", "9, 9 B", "10, 10 B", "999, 999 B", "1000, 1.0 kB", "1250, 1.3 kB",
        "9949, 9.9 kB", "9950, 10 kB", "12288, 12 kB", "12500, 12 kB", "13500, 14 kB",
        "999449, 999 kB", "1000000, 1.0 MB",
        "2147483648, 2.1 GB", "9223372036854775807, 9.2 EB"})
    void sizesAreDecimal(long bytes, String text) {
        assertThat(GoText.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "999, 999ns", "1000, 1µs", "1500, 1.5µs", "3390223, 3.390223ms",
        "1001917992, 1.001917992s", "60000000000, 1m0s", "61500000000, 1m1.5s",
        "3600000000000, 1h0m0s"})
    void durationsHaveTheLargestUnitBelowASecond(long nanos, String text) {
        assertThat(GoText.duration(nanos)).isEqualTo(text);
    }

    @Test
    void whatIsNotPrintableIsEscaped() {
        assertThat(GoText.quoted("x\ty\"z\\é\u00a0\u2028\u0007\u007f"))
                .isEqualTo("\"x\\ty\\\"z\\\\é\\u00a0\\u2028\\a\\x7f\"");
        assertThat(GoText.quoted(Character.toString(0x1F600) + Character.toString(0xE0001)))
                .isEqualTo("\"" + Character.toString(0x1F600) + "\\U000e0001\"");
    }

    @Test
    void bytesThatAreNoTextAreEscapedOneByOne() {
        byte[] bytes = {'x', 0, 1, (byte) 0xff, '\n', (byte) 0xc3, (byte) 0xa9, (byte) 0xc3};
        assertThat(GoText.quoted(ByteString.copyFrom(bytes)))
                .isEqualTo("\"x\\x00\\x01\\xff\\né\\xc3\"");
        assertThat(GoText.hex(ByteString.copyFrom(bytes)))
                .isEqualTo("\\x78\\x00\\x01\\xff\\x0a\\xc3\\xa9\\xc3");
    }

    @Test
    void identifiersHaveNoSign() {
        assertThat(GoText.id(-1)).isEqualTo("ffffffffffffffff");
        assertThat(GoText.lease(0x1234)).isEqualTo("0000000000001234");
    }
}
