// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import java.util.Locale;

/** Where the harness and the log lines of all nodes go, in the order in which they happen. */
final class Output {
    /** How much of the log is shown; harness text at every level but the last. */
    enum Level {
        DEBUG, INFO, WARN, ERROR, FATAL, NONE;

        static Level named(String name) {
            for (Level level : values()) {
                if (level.name().equals(name.toUpperCase(Locale.ROOT))) {
                    return level;
                }
            }
            throw new IllegalArgumentException("no level of the log: " + name);
        }
    }

    private StringBuilder text = new StringBuilder();
    private Level level = Level.DEBUG;

    Level level() {
        return level;
    }

    void setLevel(Level shown) {
        level = shown;
    }

    /** The text so far, which ends with this. */
    String take() {
        String taken = text.toString();
        text = new StringBuilder();
        return taken;
    }

    /** Text of the harness, as it is. */
    void print(String harnessText) {
        if (level != Level.NONE) {
            text.append(harnessText);
        }
    }

    /** A line of the harness, or several. */
    void println(String lines) {
        print(lines + "\n");
    }

    /** A line of a node's log. */
    void log(Level at, String line) {
        if (at.compareTo(level) >= 0) {
            text.append(at).append(' ').append(line).append('\n');
        }
    }

    /** What fails a command, with the text to show. */
    static final class CommandFailed extends Exception {
        private static final long serialVersionUID = 1L;

        CommandFailed(String shown) {
            super(shown);
        }

        String shown() {
            return String.valueOf(getMessage());
        }
    }

    /** Part of a command. */
    interface Action {
        void run() throws CommandFailed;
    }

    /** Runs {@code action} and moves what it prints to the right. */
    void indented(Action action) throws CommandFailed {
        StringBuilder outer = text;
        text = new StringBuilder();
        try {
            action.run();
        } finally {
            String inner = text.toString();
            text = outer;
            inner.lines().forEach(line -> text.append("  ").append(line).append('\n'));
        }
    }
}
