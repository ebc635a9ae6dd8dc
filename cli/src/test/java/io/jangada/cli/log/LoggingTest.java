// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
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
    void whatCannotBeWrittenIsRefused() {
        String path = folder.toString();
        assertThatThrownBy(() -> Logging.configure("info", "json", List.of("stderr", path)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(path);
    }
}
