// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a file of cases. */
final class TraceFile {
    private static final String SEPARATOR = "----";

    private final List<String> lines;
    private int at;

    private TraceFile(List<String> lines) {
        this.lines = lines;
    }

    static List<Directive> read(Path file) throws IOException {
        var reader = new TraceFile(Files.readAllLines(file));
        var cases = new ArrayList<Directive>();
        while (reader.skipToCommand()) {
            cases.add(reader.readCase());
        }
        return cases;
    }

    private boolean skipToCommand() {
        while (at < lines.size()) {
            String line = lines.get(at).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                return true;
            }
            at++;
        }
        return false;
    }

    private Directive readCase() {
        int line = at + 1;
        var command = new StringBuilder(lines.get(at++).strip());
        while (command.toString().endsWith("\\") && at < lines.size()) {
            command.setLength(command.length() - 1);
            command.append(' ').append(lines.get(at++).strip());
        }
        if (command.toString().startsWith("subtest ")) {
            return Directive.parse(line, "_breakpoint", "", "ok\n");
        }
        var input = new ArrayList<String>();
        while (at < lines.size() && !lines.get(at).equals(SEPARATOR)) {
            input.add(lines.get(at++));
        }
        at++;
        return Directive.parse(line, command.toString(), String.join("\n", input).strip(),
                readExpected());
    }

    private String readExpected() {
        var expected = new StringBuilder();
        if (isSeparator(at)) {
            at++;
            while (at < lines.size() && !(isSeparator(at) && isSeparator(at + 1))) {
                expected.append(lines.get(at++)).append('\n');
            }
            at += 2;
        } else {
            while (at < lines.size() && !lines.get(at).isBlank()) {
                expected.append(lines.get(at++)).append('\n');
            }
        }
        return expected.toString();
    }

    private boolean isSeparator(int position) {
        return position < lines.size() && lines.get(position).equals(SEPARATOR);
    }
}
