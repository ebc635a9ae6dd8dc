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

/** The tests of all modules, by the names under which the tables of documents point to them. */
final class NamedTests {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");

    /** The text of each class, by its simple name. */
    private final Map<String, String> sources;

    private NamedTests(Map<String, String> sources) {
        this.sources = sources;
    }

    /**
     * Those of this working tree.
     *
     * @throws AssertionError if two test classes have one name
     */
    static NamedTests read() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests)) {
                    add(tests, sources);
                }
            }
        }
        return new NamedTests(sources);
    }

    private static void add(Path tests, Map<String, String> sources) throws IOException {
        try (Stream<Path> files = Files.walk(tests)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                String name = String.valueOf(file.getFileName());
                String known = sources.put(name.substring(0, name.length() - ".java".length()),
                        Files.readString(file));
                assertThat(known == null || name.equals("package-info.java")
                        || !name.matches(".*(Test|IT)\\.java")).as("two tests named %s", name)
                        .isTrue();
            }
        }
    }

    /** The rows of the tables in {@code lines}, without their heads. */
    static List<String> rows(List<String> lines) {
        return Stream.iterate(2, i -> i < lines.size(), i -> i + 1)
                .filter(i -> lines.get(i).startsWith("|") && lines.get(i - 1).startsWith("|")
                        && !lines.get(i).startsWith("|---"))
                .map(lines::get).toList();
    }

    /**
     * How many tests {@code cell} names, as {@code `Class.method`}.
     *
     * @throws AssertionError if one of them is not there
     */
    int checked(String cell) {
        List<MatchResult> named = NAME.matcher(cell).results().toList();
        for (MatchResult one : named) {
            assertThat(sources.getOrDefault(one.group(1), "")).as(cell)
                    .containsPattern("(?m)^    void " + one.group(2) + "\\(");
        }
        return named.size();
    }
}
