// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a file of cases: a command, its input, a separator, and what it must print. */
final class TraceFile {
    private static final String SEPARATOR = "----";
    private static final String SUBTEST = "subtest";

    private final List<String> lines;
    private int at;

    private TraceFile(List<String> lines) {
        this.lines = lines;
    }

    /**
     * All cases of {@code file}, in order.
     *
     * @throws MalformedTraceException if it is not of this format
     * @throws IOException if it cannot be read
     */
    static List<Directive> read(Path file) throws IOException, MalformedTraceException {
        var reader = new TraceFile(lines(file));
        var cases = new ArrayList<Directive>();
        while (reader.skipToCommand()) {
            cases.add(reader.readCase());
        }
        if (cases.isEmpty()) {
            throw new MalformedTraceException(1, "no cases");
        }
        return cases;
    }

    private static List<String> lines(Path file) throws IOException, MalformedTraceException {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException ignored) {
            throw new MalformedTraceException(1, "not UTF-8");
        }
    }

    /** Skips blank lines, comments, and the marks of sub-tests, which only group cases. */
    private boolean skipToCommand() {
        while (at < lines.size()) {
            String line = lines.get(at).strip();
            if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith(SUBTEST + " ")) {
                return true;
            }
            at++;
        }
        return false;
    }

    private Directive readCase() throws MalformedTraceException {
        int line = at + 1;
        String command = readCommand();
        var input = new ArrayList<String>();
        while (!isSeparator(at)) {
            if (at >= lines.size()) {
                throw new MalformedTraceException(line, "no line of ---- follows this command");
            }
            input.add(lines.get(at++));
        }
        at++;
        return Directive.parse(line, command, String.join("\n", input).strip(),
                readExpected(line));
    }

    /** A line that ends in a backslash goes on in the next. */
    private String readCommand() {
        String command = lines.get(at++).strip();
        while (command.endsWith("\\") && at < lines.size()) {
            command = command.substring(0, command.length() - 1) + " " + lines.get(at++).strip();
        }
        return command;
    }

    private String readExpected(int line) throws MalformedTraceException {
        var expected = new StringBuilder();
        if (!isSeparator(at)) {
            while (at < lines.size() && !lines.get(at).isBlank()) {
                expected.append(lines.get(at++)).append('\n');
            }
            return expected.toString();
        }
        at++;
        while (!(isSeparator(at) && isSeparator(at + 1))) {
            if (at >= lines.size()) {
                throw new MalformedTraceException(line,
                        "no two lines of ---- end what is expected");
            }
            expected.append(lines.get(at++)).append('\n');
        }
        at += 2;
        return expected.toString();
    }

    private boolean isSeparator(int position) {
        return position < lines.size() && lines.get(position).equals(SEPARATOR);
    }
}
