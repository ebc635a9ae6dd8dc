// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each bound in docs/limits.md has a test, and the tests that it names are there. */
class LimitsPageTest {
    /** Bounds of the server that no test reaches; not to become more. */
    private static final int WITHOUT_TEST_MAX = 4;

    @Test
    void everyBoundNamesTestsThatExist() throws IOException {
        NamedTests tests = NamedTests.read();
        List<String> rows = NamedTests.rows(Files.readAllLines(Path.of("../docs/limits.md")));
        assertThat(rows).hasSizeGreaterThan(45);
        int without = 0;
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            assertThat(cells).as(row).hasSize(6);
            if (tests.checked(cells[4]) == 0) {
                assertThat(cells[4]).as(row).isEqualTo(" none ");
                without++;
            }
        }
        assertThat(without).isLessThanOrEqualTo(WITHOUT_TEST_MAX);
    }
}
