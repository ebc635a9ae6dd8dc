// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckHistoryCommandTest {
    private static final String HEAD = "{\"format\":\"jangada-history\",\"version\":1,\"revision\":1}\n";
    private static final String PUT = "{\"client\":1,\"call\":1,\"return\":2,"
            + "\"request\":{\"type\":\"put\",\"key\":\"a\",\"value\":\"1\"},"
            + "\"response\":{\"type\":\"put\",\"revision\":2}}\n";
    private static final String GET_NOTHING = "{\"client\":2,\"call\":3,\"return\":4,"
            + "\"request\":{\"type\":\"range\",\"key\":\"a\"},"
            + "\"response\":{\"type\":\"range\",\"revision\":2,\"count\":0}}\n";

    @TempDir
    private Path directory = Path.of("");

    private record Ended(int code, String out) {}

    @Test
    void passes() throws Exception {
        Ended ended = check(HEAD + PUT);
        assertThat(ended.out()).contains("passed: 1 operations (1 writes").contains("operations/s");
        assertThat(ended.code()).isZero();
    }

    @Test
    void tellsAndDrawsAViolation() throws Exception {
        Path picture = directory.resolve("picture.html");
        Ended ended = check(HEAD + PUT + PUT.replace("\"a\"", "\"b\"").replace("2}", "3}")
                + GET_NOTHING.replace("\"revision\":2", "\"revision\":3"), "--html",
                picture.toString());
        assertThat(ended.out()).contains("violated: LOST_WRITE: ").contains("has 2 operations");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(picture).content().contains("LOST_WRITE");
    }

    @Test
    void refusesWhatIsNoHistory() throws Exception {
        assertThat(check(HEAD + "what?\n").code()).isEqualTo(2);
        assertThat(Main.run(new String[]{"check-history", "none.jsonl"})).isEqualTo(2);
    }

    private Ended check(String text, String... more) throws Exception {
        Path file = Files.writeString(directory.resolve("history.jsonl"), text);
        String[] args = new String[2 + more.length];
        args[0] = "check-history";
        args[1] = file.toString();
        System.arraycopy(more, 0, args, 2, more.length);
        PrintStream console = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int code = Main.run(args);
            return new Ended(code, out.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(console);
        }
    }
}
