// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bugs that {@code simulation/mutants} plants: that each can still be planted; whether it dies, the command finds out. */
class MutantsTest {
    private static final Path PATCHES = Path.of("src/mutants");
    private static final Path ROOT = Path.of("..");
    private static final int COUNT_MIN = 40;

    /** A place where a patch changes something: the lines before, and those after. */
    private record Hunk(Path file, List<String> before, List<String> after) {}

    static List<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(PATCHES)) {
            return files.sorted().toList();
        }
    }

    @Test
    void thereAreMany() throws IOException {
        assertThat(patches()).hasSizeGreaterThanOrEqualTo(COUNT_MIN);
    }

    @ParameterizedTest
    @MethodSource("patches")
    void saysInWordsWhatIsBroken(Path patch) throws IOException {
        assertThat(Files.readAllLines(patch).getFirst()).matches("[A-Z].*[^|].*\\.");
        assertThat(patch.getFileName().toString()).matches("\\d{3}-[a-z-]+\\.patch");
    }

    @ParameterizedTest
    @MethodSource("patches")
    void applies(Path patch) throws IOException {
        List<Hunk> hunks = hunks(patch);
        assertThat(hunks).isNotEmpty();
        for (Hunk hunk : hunks) {
            List<String> source = Files.readAllLines(ROOT.resolve(hunk.file()));
            assertThat(hunk.after()).isNotEqualTo(hunk.before());
            assertThat(Collections.indexOfSubList(source, hunk.before()))
                    .as("%s no longer has the lines that %s changes", hunk.file(), patch)
                    .isNotNegative();
        }
    }

    private static List<Hunk> hunks(Path patch) throws IOException {
        List<Hunk> hunks = new ArrayList<>();
        Path file = null;
        for (String line : Files.readAllLines(patch)) {
            if (line.startsWith("+++ b/")) {
                file = Path.of(line.substring("+++ b/".length()));
            } else if (line.startsWith("@@ ") && file != null) {
                hunks.add(new Hunk(file, new ArrayList<>(), new ArrayList<>()));
            } else if (!hunks.isEmpty() && !line.startsWith("--- ")) {
                take(line, hunks.getLast());
            }
        }
        return hunks;
    }

    private static void take(String line, Hunk hunk) {
        String content = line.isEmpty() ? "" : line.substring(1);
        if (!line.startsWith("+")) {
            hunk.before().add(content);
        }
        if (!line.startsWith("-")) {
            hunk.after().add(content);
        }
    }
}
