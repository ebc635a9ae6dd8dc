// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

/** A command's end with an error: the text that the user reads, and etcdctl's exit code. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int INTERRUPTED = 5;
    private static final int BAD_ARGUMENTS = 128;

    private final int exitCode;

    private CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** What the server was to send did not come, or not whole. */
    static CommandFailure interrupted(String message) {
        return new CommandFailure(INTERRUPTED, message);
    }

    /** The arguments are no good. */
    static CommandFailure badArguments(String message) {
        return new CommandFailure(BAD_ARGUMENTS, message);
    }

    /** What the process returns: 1 to 255. */
    int exitCode() {
        return exitCode;
    }
}
