// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A seed says all: what happens is the same again, in this process and in another, whose hashes have another salt. */
class DeterminismTest {
    @Test
    void theSameSeedDoesTheSameAgain() {
        assertThat(TraceHashes.lines()).isEqualTo(TraceHashes.lines());
    }

    @Test
    void differentSeedsDoNot() {
        assertThat(TraceHashes.lines()).doesNotHaveDuplicates();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void theSameSeedDoesTheSameInAnotherProcess(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("output");
        Process java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), TraceHashes.class.getName())
                .redirectError(directory.resolve("log").toFile())
                .redirectOutput(output.toFile()).start();
        try {
            assertThat(java.waitFor()).isZero();
        } finally {
            java.destroyForcibly();
        }
        List<String> there = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(there).isEqualTo(TraceHashes.lines());
    }
}
