// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs recorded traces and compares what is printed, byte for byte. Pure but for reading files. */
public final class ConformanceRunner {
    private static final int LINES_BEFORE = 8;
    private static final int LINES_AFTER = 12;

    private ConformanceRunner() {}

    /**
     * How a file went.
     *
     * @param file the file
     * @param passed how many cases printed what they must; a file ends at the first that does not
     * @param failure that first case; empty if all passed
     */
    public record FileResult(Path file, int passed, Optional<Failure> failure) {}

    /**
     * Why a file failed.
     *
     * @param line where the case, or what is malformed, begins in the file, counted from 1
     * @param summary what is wrong, on one line
     * @param difference lines before the first that differs, what is expected (-) and what was
     *     printed (+) from there on, each line ended; empty if nothing was compared
     */
    public record Failure(int line, String summary, String difference) {}

    /**
     * All files of traces below {@code folder}, in the order of their names.
     *
     * @throws IOException if a folder cannot be read
     */
    public static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(path -> path.toString().endsWith(".txt"))
                    .filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Runs one file. One that cannot be read, or is malformed, is a failure like any other. */
    public static FileResult run(Path file) {
        List<Directive> cases;
        try {
            cases = TraceFile.read(file);
        } catch (MalformedTraceException malformed) {
            return failed(file, 0, new Failure(malformed.line(), malformed.why(), ""));
        } catch (IOException unreadable) {
            return failed(file, 0, new Failure(1, "cannot be read: " + unreadable, ""));
        }
        Driver driver = driver(file, cases.getFirst());
        int passed = 0;
        for (Directive directive : cases) {
            Optional<Failure> failure = run(driver, directive);
            if (failure.isPresent()) {
                return failed(file, passed, failure.get());
            }
            passed++;
        }
        return new FileResult(file, passed, Optional.empty());
    }

    private static FileResult failed(Path file, int passed, Failure failure) {
        return new FileResult(file, passed, Optional.of(failure));
    }

    /** By the name of the folder, or, in a folder of another name, by the first command. */
    private static Driver driver(Path file, Directive first) {
        Path folder = file.toAbsolutePath().getParent();
        return switch (folder == null ? "" : String.valueOf(folder.getFileName())) {
            case "quorum" -> new QuorumDriver();
            case "confchange" -> new ConfChangeDriver();
            case "interaction" -> new InteractionDriver();
            default -> driver(first.command());
        };
    }

    private static Driver driver(String command) {
        return switch (command) {
            case "committed", "vote" -> new QuorumDriver();
            case "simple", "enter-joint", "leave-joint" -> new ConfChangeDriver();
            default -> new InteractionDriver();
        };
    }

    private static Optional<Failure> run(Driver driver, Directive directive) {
        String actual;
        try {
            actual = driver.run(directive);
        } catch (RuntimeException e) {
            // Bad arguments, or a rule of the core that the case breaks: both end the file.
            return Optional.of(new Failure(directive.line(), directive.text() + ": "
                    + e.getClass().getSimpleName() + ": " + e.getMessage(), ""));
        }
        if (!actual.isEmpty() && !actual.endsWith("\n")) {
            actual += "\n";
        }
        return actual.equals(directive.expected())
                ? Optional.empty()
                : Optional.of(new Failure(directive.line(), directive.text()
                        + ": prints something else", difference(directive.expected(), actual)));
    }

    private static String difference(String expected, String actual) {
        List<String> wanted = expected.lines().toList();
        List<String> got = actual.lines().toList();
        int same = 0;
        while (same < wanted.size() && same < got.size()
                && wanted.get(same).equals(got.get(same))) {
            same++;
        }
        var text = new StringBuilder();
        appendLines(text, "  ", wanted, Math.max(0, same - LINES_BEFORE), same);
        appendLines(text, "- ", wanted, same, Math.min(wanted.size(), same + LINES_AFTER));
        appendLines(text, "+ ", got, same, Math.min(got.size(), same + LINES_AFTER));
        return text.toString();
    }

    private static void appendLines(StringBuilder text, String mark, List<String> lines, int from,
            int to) {
        for (String line : lines.subList(from, to)) {
            text.append(mark).append(line).append('\n');
        }
    }
}
