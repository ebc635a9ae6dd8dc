// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Passwords that people type or programs hand over. */
public final class Passwords {
    private Passwords() {}

    /** Asks on the terminal, which does not show the answer; without one, reads a line. Empty at the end of input. */
    @SuppressWarnings("SystemConsoleNull") // Up to JDK 21 it is null without a terminal.
    public static Optional<String> ask(String prompt) {
        Console console = System.console();
        if (console != null) {
            char[] typed = console.readPassword("%s", prompt);
            return typed == null ? Optional.empty() : Optional.of(new String(typed));
        }
        System.out.print(prompt);
        System.out.flush();
        Optional<String> read = read();
        System.out.println();
        return read;
    }

    /** Reads a line of standard input and nothing beyond it. Empty at the end of input. */
    public static Optional<String> read() {
        try {
            var line = new ByteArrayOutputStream();
            int next = System.in.read();
            if (next < 0) {
                return Optional.empty();
            }
            while (next >= 0 && next != '\n') {
                line.write(next);
                next = System.in.read();
            }
            return Optional.of(line.toString(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
