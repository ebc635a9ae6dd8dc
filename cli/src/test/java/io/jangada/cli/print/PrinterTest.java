// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrinterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Has no fields; its bytes are no text. */
    private record Sample() implements Answer {
        @Override
        public void simple(Lines lines) {
            lines.line("é").bytes(ByteString.copyFrom(new byte[]{(byte) 0xff}));
        }

        @Override
        public Object json() {
            return Map.of("a", 1);
        }

        @Override
        public Table table() {
            return new Table(List.of("a"), List.of());
        }
    }

    @Test
    void bytesAreWrittenAsTheyAreOrInHexadecimal() {
        printer("simple", false).print(new Sample());
        assertThat(out.toByteArray()).containsExactly(0xc3, 0xa9, '\n', 0xff, '\n');
        out.reset();
        printer("simple", true).print(new Sample());
        assertThat(printed()).isEqualTo("é\n\\xff\n");
    }

    @Test
    void eachFormatIsAnAnswersOwn() {
        printer("json", true).print(new Sample());
        printer("table", false).print(new Sample());
        assertThat(printed()).isEqualTo("{\"a\":1}\n+---+\n| A |\n+---+\n+---+\n");
    }

    @Test
    void aFormatThatAnAnswerDoesNotHaveIsRefusedAndNothingShown() {
        assertThatThrownBy(() -> printer("fields", false).print(new Sample()))
                .isInstanceOfSatisfying(CommandFailure.class, failure -> {
                    assertThat(failure.exitCode()).isEqualTo(4);
                    assertThat(failure.text())
                            .isEqualTo("fields not supported as output format");
                });
        assertThatThrownBy(() -> printer("yaml", false)).isInstanceOf(CommandFailure.class)
                .hasMessage("unsupported output format");
        assertThat(printed()).isEmpty();
    }

    private Printer printer(String format, boolean hex) {
        return new Printer(Format.named(format), hex,
                new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
