// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each bug of the field in docs/reliability.md has tests that are there, and planted bugs that are there. */
class ReliabilityPageTest {
    private static final Path PATCHES = Path.of("../simulation/src/mutants");
    private static final String SECTION = "## Bugs of the field";
    private static final int BUGS = 10;
    private static final Pattern PATCH = Pattern.compile("`(\\d{3}-[a-z-]+)`");

    @Test
    void everyBugOfTheFieldNamesTestsThatExist() throws IOException {
        NamedTests tests = NamedTests.read();
        List<String> rows = rows();
        assertThat(rows).hasSize(BUGS);
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            assertThat(cells).as(row).hasSize(6);
            assertThat(tests.checked(cells[3])).as(row).isPositive();
            List<MatchResult> planted = PATCH.matcher(cells[4]).results().toList();
            assertThat(planted).as(row).isNotEmpty();
            for (MatchResult one : planted) {
                assertThat(PATCHES.resolve(one.group(1) + ".patch")).exists();
            }
        }
    }

    private static List<String> rows() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../docs/reliability.md"));
        List<String> section = lines.stream().dropWhile(line -> !line.equals(SECTION)).skip(1)
                .takeWhile(line -> !line.startsWith("## ")).toList();
        return NamedTests.rows(section);
    }
}
