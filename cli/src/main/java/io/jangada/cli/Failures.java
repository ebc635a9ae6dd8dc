// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.print.CommandFailure;
import java.io.UncheckedIOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** How the program ends where it fails: one line on standard error, never a stack trace, and an exit code. */
final class Failures {
    private static final int FAILED = 1;

    private Failures() {}

    /** A command that was carried out failed; returns the exit code. */
    static int report(Exception failure, CommandSpec command) {
        if (failure instanceof CommandFailure known) {
            if (!known.text().isEmpty()) {
                say(command, known.text());
            }
            return known.exitCode();
        }
        Throwable told = failure instanceof UncheckedIOException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        say(command, told.getMessage() == null ? told.toString() : told.getMessage());
        return FAILED;
    }

    /** Arguments were refused; returns the exit code. */
    static int report(ParameterException failure) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        say(command, String.valueOf(failure.getMessage()).lines().findFirst()
                .orElse("bad arguments") + " (see: " + command.qualifiedName() + " --help)");
        return command.userObject() instanceof TortureCommand
                ? TortureCommand.NOT_RUN
                : FAILED;
    }

    /** A command of etcdctl fails in etcdctl's words. */
    private static void say(CommandSpec command, String text) {
        System.err.println((Etcdctl.has(command) ? "Error: " : "jangada: ") + text);
    }
}
