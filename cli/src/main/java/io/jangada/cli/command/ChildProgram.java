// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.print.GoText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program that a command runs, with the command's own input and output. */
final class ChildProgram {
    private ChildProgram() {}

    /** Runs {@code words} to the end with {@code environment} added; says what went wrong, if anything. */
    static Optional<String> run(List<String> words, Map<String, String> environment)
            throws InterruptedException {
        var builder = new ProcessBuilder(words).inheritIO();
        builder.environment().putAll(environment);
        try {
            int code = builder.start().waitFor();
            return code == 0 ? Optional.empty() : Optional.of("exit status " + code);
        } catch (IOException ignored) {
            return Optional.of("exec: " + GoText.quoted(words.getFirst())
                    + ": executable file not found in $PATH");
        }
    }
}
