// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs recorded traces and compares what is printed, byte for byte. */
final class ConformanceRunner {
    /**
     * How a file went.
     *
     * @param file the file
     * @param passed how many cases printed what they must; a file ends at the first that does not
     * @param failure where and how it differs; empty if all passed
     */
    record FileResult(Path file, int passed, Optional<String> failure) {}

    private ConformanceRunner() {}

    /** All files of the three folders in {@code folder}, in order. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder, 2)) {
            return found.filter(path -> path.toString().endsWith(".txt")).sorted().toList();
        }
    }

    /** Runs one file. */
    static FileResult run(Path file) throws IOException {
        Driver driver = driver(file);
        int passed = 0;
        for (Directive directive : TraceFile.read(file)) {
            Optional<String> failure = run(driver, directive);
            if (failure.isPresent()) {
                return new FileResult(file, passed, failure);
            }
            passed++;
        }
        return passed == 0
                ? new FileResult(file, 0, Optional.of("no cases"))
                : new FileResult(file, passed, Optional.empty());
    }

    private static Driver driver(Path file) {
        String folder = String.valueOf(file.toAbsolutePath().getName(file.toAbsolutePath()
                .getNameCount() - 2));
        return switch (folder) {
            case "quorum" -> new QuorumDriver();
            case "confchange" -> new ConfChangeDriver();
            case "interaction" -> new InteractionDriver();
            default -> throw new IllegalArgumentException("no traces of a known kind: " + file);
        };
    }

    private static Optional<String> run(Driver driver, Directive directive) {
        String actual;
        try {
            actual = driver.run(directive);
        } catch (RuntimeException e) {
            var stack = new StringWriter();
            e.printStackTrace(new PrintWriter(stack));
            return Optional.of("line " + directive.line() + ": " + directive.text() + "\n" + stack);
        }
        if (!actual.isEmpty() && !actual.endsWith("\n")) {
            actual += "\n";
        }
        return actual.equals(directive.expected())
                ? Optional.empty()
                : Optional.of("line " + directive.line() + ": " + directive.text() + "\n"
                        + difference(directive.expected(), actual));
    }

    /** The lines around the first that differs: common ones, then expected (-), then actual (+). */
    private static String difference(String expected, String actual) {
        List<String> wanted = expected.lines().toList();
        List<String> got = actual.lines().toList();
        int same = 0;
        while (same < wanted.size() && same < got.size()
                && wanted.get(same).equals(got.get(same))) {
            same++;
        }
        var text = new StringBuilder();
        appendLines(text, "  ", wanted, Math.max(0, same - 8), same);
        appendLines(text, "- ", wanted, same, Math.min(wanted.size(), same + 12));
        appendLines(text, "+ ", got, same, Math.min(got.size(), same + 12));
        return text.toString();
    }

    private static void appendLines(StringBuilder text, String mark, List<String> lines, int from,
            int to) {
        for (String line : lines.subList(from, to)) {
            text.append(mark).append(line).append('\n');
        }
    }
}
