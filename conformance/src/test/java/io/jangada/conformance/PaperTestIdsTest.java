// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every behaviour of the list has a test that carries its id. */
class PaperTestIdsTest {
    private static final Pattern LISTED = Pattern.compile("^\\* \\*\\*([A-Q]\\d+)\\*\\*",
            Pattern.MULTILINE);
    private static final Pattern CARRIED = Pattern
            .compile("DisplayName\\(\\s*\"((?:[A-Q]\\d+ )+)");
    private static final Pattern NAMED = Pattern.compile("void ([a-q]\\d+)[A-Z_(]");

    @Test
    void everyListedBehaviourHasATest() throws IOException {
        Path list = ConformanceFolder.locate().resolve("paper-tests.md");
        assumeTrue(Files.isRegularFile(list), () -> "ids of tests not checked: no file " + list);
        Set<String> missing = new TreeSet<>();
        LISTED.matcher(Files.readString(list)).results().forEach(id -> missing.add(id.group(1)));
        assertThat(missing).isNotEmpty();
        missing.removeAll(carried());
        assertThat(missing).as("behaviours without a test").isEmpty();
    }

    private static Set<String> carried() throws IOException {
        Set<String> carried = new TreeSet<>();
        for (String module : List.of("raft", "conformance")) {
            carried.addAll(carried(ConformanceFolder.checkout().resolve(module)));
        }
        return carried;
    }

    private static Set<String> carried(Path module) throws IOException {
        Set<String> carried = new TreeSet<>();
        try (Stream<Path> files = Files.walk(module.resolve("src/test/java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                CARRIED.matcher(source).results().forEach(
                        ids -> carried.addAll(List.of(ids.group(1).strip().split(" ", -1))));
                NAMED.matcher(source).results().forEach(
                        id -> carried.add(id.group(1).toUpperCase(Locale.ROOT)));
            }
        }
        return carried;
    }
}
