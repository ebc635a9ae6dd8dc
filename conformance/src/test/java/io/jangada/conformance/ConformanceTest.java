// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** One test for each recorded trace. */
class ConformanceTest {
    @TestFactory
    Stream<DynamicTest> traces() throws IOException {
        Path folder = ConformanceFolder.locate();
        if (!Files.isDirectory(folder)) {
            return Stream.of(DynamicTest.dynamicTest("no folder", () -> skip(folder)));
        }
        List<Path> files = ConformanceRunner.files(folder);
        assertThat(files).as("traces in %s", folder).isNotEmpty();
        return files.stream().map(file -> DynamicTest.dynamicTest(
                folder.relativize(file).toString(), () -> passes(file)));
    }

    private static void skip(Path folder) {
        String why = "recorded traces not run: no folder " + folder;
        System.out.println(why);
        abort(why);
    }

    private static void passes(Path file) {
        ConformanceRunner.run(file).failure().ifPresent(failure -> fail(file + ":" + failure.line()
                + ": " + failure.summary() + "\n" + failure.difference()));
    }
}
