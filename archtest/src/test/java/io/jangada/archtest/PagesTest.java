// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Java on the pages is that of tests, line by line, indentation apart. */
class PagesTest {
    private static final int README_LINES_MAX = 39;

    @ParameterizedTest
    @CsvSource({
        "README.md, raftnode/src/test/java/io/jangada/examples/ReplicatedCounterTest.java",
        "docs/embedding.md, raftnode/src/test/java/io/jangada/examples/EmbeddingTutorialTest.java",
        "docs/testkit.md, testkit/src/test/java/io/jangada/testkit/TestkitTutorialTest.java"})
    void everyBlockOnThePageIsInTheTest(String page, String source) throws IOException {
        List<String> program = trimmed(root().resolve(source));
        List<List<String>> blocks = blocks(trimmed(root().resolve(page)));
        assertThat(blocks).as("blocks of Java in " + page).isNotEmpty();
        for (List<String> block : blocks) {
            assertThat(Collections.indexOfSubList(program, block))
                    .as("%s shows what %s does not have: %s", page, source, block)
                    .isNotNegative();
        }
    }

    @Test
    void theExampleInTheReadmeIsShort() throws IOException {
        assertThat(blocks(trimmed(root().resolve("README.md"))).stream().mapToInt(List::size)
                .sum()).isLessThanOrEqualTo(README_LINES_MAX);
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("ARCHITECTURE.md"))) {
            directory = Objects.requireNonNull(directory.getParent(), "the project's root");
        }
        return directory;
    }

    private static List<String> trimmed(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip).toList();
        }
    }

    private static List<List<String>> blocks(List<String> page) {
        List<List<String>> blocks = new ArrayList<>();
        for (int from = page.indexOf("```java"); from < page.size() && from >= 0;) {
            List<String> rest = page.subList(from + 1, page.size());
            int length = rest.indexOf("```");
            blocks.add(rest.subList(0, length));
            int next = rest.subList(length, rest.size()).indexOf("```java");
            from = next < 0 ? -1 : from + 1 + length + next;
        }
        return blocks;
    }
}
