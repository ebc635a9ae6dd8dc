// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What people are told of sizes, and of how far something is. */
class ProgressLineTest {
    @Test
    void progressIsShownOncePerPercentAndOnlyOnATerminal() {
        assertThat(shown(true)).isEqualTo("\rsaving [" + " ".repeat(30) + "] 0 % of 2.0 kB"
                + "\rsaving [" + "=".repeat(15) + " ".repeat(15) + "] 50 % of 2.0 kB"
                + "\rsaving [" + "=".repeat(30) + "] 100 % of 2.0 kB" + System.lineSeparator());
        assertThat(shown(false)).isEmpty();
    }

    private static String shown(boolean onTerminal) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Progress progress = new Progress("saving",
                new PrintStream(bytes, true, StandardCharsets.UTF_8), onTerminal);
        for (long done : new long[]{0, 1, 1_000, 1_001, 2_000}) {
            progress.show(done, 2_000);
        }
        progress.end();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
