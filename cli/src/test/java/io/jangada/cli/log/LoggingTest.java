// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.server.config.LogRotation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    @AfterEach
    void toStandardErrorAgain() {
        Logging.configure("error", "console");
    }

    @Test
    void everyOutputGetsEveryLineOfTheLevel() throws Exception {
        Path one = folder.resolve("one.log");
        Path other = Files.writeString(folder.resolve("other.log"), "kept\n");
        Logging.configure("warn", "json", List.of(one.toString(), other.toString()));
        LoggerFactory.getLogger(LoggingTest.class).info("not this");
        LoggerFactory.getLogger(LoggingTest.class).warn("\"this\"");
        assertThat(Files.readAllLines(one)).hasSize(1).allMatch(
                line -> line.startsWith("{\"level\":\"warn\",\"ts\":\"")
                        && line.endsWith(
                                "\"caller\":\"log/LoggingTest\",\"msg\":\"\\\"this\\\"\"}"));
        assertThat(Files.readAllLines(other)).hasSize(2).startsWith("kept");
    }

    @Test
    void aFullFileMakesWayForANewOne() throws Exception {
        Path active = folder.resolve("jangada.log");
        Logging.configure("info", "console", List.of(active.toString()),
                new LogRotation(1, 0, 0, false, false));
        String filler = "x".repeat(100_000);
        for (int i = 0; i < 30; i++) {
            LoggerFactory.getLogger(LoggingTest.class).info("line {} {}", i, filler);
        }
        List<String> lines = new ArrayList<>();
        try (var files = Files.list(folder)) {
            List<Path> inOrder = files.sorted().toList();
            assertThat(inOrder).hasSize(3).endsWith(active);
            for (Path file : inOrder) {
                assertThat(Files.size(file)).isLessThan((1 << 20) + 101_000);
                lines.addAll(Files.readAllLines(file));
            }
        }
        assertThat(lines).hasSize(30);
        for (int i = 0; i < 30; i++) {
            assertThat(lines.get(i)).contains("line " + i + " x");
        }
    }

    @Test
    void nothingIsPrintedWhereAFileIsAskedFor() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var printed = new ByteArrayOutputStream();
        var recorder = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(recorder);
        System.setErr(recorder);
        try {
            Logging.configure("info", "console", List.of(folder.resolve("a.log").toString()),
                    new LogRotation(1, 0, 0, false, false));
            LoggerFactory.getLogger(LoggingTest.class).info("to the file");
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aFileThatIsFullAtTheStartIsNotWrittenTo() throws Exception {
        Path active = folder.resolve("jangada.log");
        Files.write(active, new byte[1 << 20]);
        Logging.configure("info", "console", List.of(active.toString()),
                new LogRotation(1, 0, 0, false, false));
        LoggerFactory.getLogger(LoggingTest.class).info("the first");
        assertThat(Files.readString(active)).contains("the first").hasLineCount(1);
        assertThat(folder.toFile().list()).hasSize(2);
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        String path = folder.toString();
        assertThatThrownBy(() -> Logging.configure("info", "json", List.of("stderr", path)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(path);
    }
}
