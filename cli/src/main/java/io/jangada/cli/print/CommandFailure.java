// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

/** A command's end with an error: the text that the user reads, and etcdctl's exit code. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int ERROR = 1;
    private static final int BAD_CONNECTION = 2;
    private static final int INVALID_INPUT = 3;
    private static final int BAD_FEATURE = 4;
    private static final int INTERRUPTED = 5;
    private static final int BAD_ARGUMENTS = 128;

    private final int exitCode;

    private CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Refused or failed. */
    public static CommandFailure error(String message) {
        return new CommandFailure(ERROR, message);
    }

    /** No connection came to be, or none for this user. */
    public static CommandFailure badConnection(String message) {
        return new CommandFailure(BAD_CONNECTION, message);
    }

    /** What was read from standard input is no good. */
    public static CommandFailure invalidInput(String message) {
        return new CommandFailure(INVALID_INPUT, message);
    }

    /** Asks for what there is not. */
    public static CommandFailure badFeature(String message) {
        return new CommandFailure(BAD_FEATURE, message);
    }

    /** The server ended what should have gone on. */
    public static CommandFailure interrupted(String message) {
        return new CommandFailure(INTERRUPTED, message);
    }

    /** The arguments are no good. */
    public static CommandFailure badArguments(String message) {
        return new CommandFailure(BAD_ARGUMENTS, message);
    }

    /** Refused or failed, as the user was told already. */
    public static CommandFailure alreadyTold() {
        return new CommandFailure(ERROR, "");
    }

    /** What the process returns: 1 to 255. */
    public int exitCode() {
        return exitCode;
    }

    /** The text; empty if the user was told already. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
