// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What docs/thesis-map.md names exists. */
class ThesisMapTest {
    private static final Path MAP = Path.of("../docs/thesis-map.md");
    private static final Pattern NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");
    private static final List<String> PACKAGES = List.of("", ".confchange", ".explore", ".model",
            ".node", ".quorum", ".storage", ".tracker");

    @Test
    void everyNameExists() throws IOException {
        List<String> rows = Files.readAllLines(MAP).stream()
                .filter(line -> line.matches("\\| \\d.*")).toList();
        assertThat(rows).hasSizeGreaterThan(30);
        var missing = new ArrayList<String>();
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            assertThat(cells).as(row).hasSize(6);
            missing.addAll(missing(cells[3], false));
            missing.addAll(missing(cells[4], true));
        }
        assertThat(missing).as("names of %s that are nowhere", MAP).isEmpty();
    }

    private static List<String> missing(String cell, boolean tests) {
        var missing = new ArrayList<String>();
        var names = NAME.matcher(cell).results().toList();
        assertThat(names).as(cell).isNotEmpty();
        for (var name : names) {
            boolean there = PACKAGES.stream().anyMatch(
                    place -> has("io.jangada.raft" + place + "." + name.group(1), name.group(2),
                            tests));
            if (!there) {
                missing.add(name.group());
            }
        }
        return missing;
    }

    private static boolean has(String type, String method, boolean test) {
        try {
            return Arrays.stream(Class.forName(type).getDeclaredMethods())
                    .anyMatch(each -> each.getName().equals(method) && isTest(each) == test);
        } catch (ClassNotFoundException ignored) {
            return false;
        }
    }

    private static boolean isTest(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            if (annotation instanceof Test || annotation instanceof ParameterizedTest) {
                return true;
            }
        }
        return false;
    }
}
