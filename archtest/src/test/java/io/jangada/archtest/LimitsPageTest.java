// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each bound in docs/limits.md has a test, and the tests that it names are there. */
class LimitsPageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");
    /** Bounds of the server that no test reaches; not to become more. */
    private static final int WITHOUT_TEST_MAX = 4;

    @Test
    void everyBoundNamesTestsThatExist() throws IOException {
        Map<String, String> tests = tests();
        List<String> rows = Files.readAllLines(ROOT.resolve("docs/limits.md")).stream()
                .filter(line -> line.startsWith("|") && !line.startsWith("|---")
                        && !line.startsWith("| bound |"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(45);
        int without = 0;
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            assertThat(cells).as(row).hasSize(6);
            List<MatchResult> named = NAME.matcher(cells[4]).results().toList();
            if (named.isEmpty()) {
                assertThat(cells[4]).as(row).isEqualTo(" none ");
                without++;
            }
            for (MatchResult one : named) {
                assertThat(tests.getOrDefault(one.group(1), "")).as(row)
                        .containsPattern("(?m)^    void " + one.group(2) + "\\(");
            }
        }
        assertThat(without).isLessThanOrEqualTo(WITHOUT_TEST_MAX);
    }

    /** The text of each test class, by its simple name. */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path sources = module.resolve("src/test/java");
                if (Files.isDirectory(sources)) {
                    addTests(sources, tests);
                }
            }
        }
        return tests;
    }

    private static void addTests(Path sources, Map<String, String> tests) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                String name = String.valueOf(file.getFileName());
                String known = tests.put(name.substring(0, name.length() - ".java".length()),
                        Files.readString(file));
                assertThat(known == null || name.equals("package-info.java")
                        || !name.matches(".*(Test|IT)\\.java")).as("two tests named %s", name)
                        .isTrue();
            }
        }
    }
}
