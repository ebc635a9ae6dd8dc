// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.GoText;
import java.io.UncheckedIOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
        say(command, text(failure, command) + " (see: " + command.qualifiedName() + " --help)");
        return command.userObject() instanceof TortureCommand
                ? TortureCommand.NOT_RUN
                : FAILED;
    }

    /* What the parser counts by its own indexes is named as etcdctl names it. */
    private static String text(ParameterException failure, CommandSpec command) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().getFirst();
            if (first.startsWith("--") && first.length() > 2) {
                return "unknown flag: " + first.split("=", 2)[0];
            }
            if (first.startsWith("-") && first.length() > 1) {
                return "unknown shorthand flag: " + first;
            }
            return command.subcommands().isEmpty()
                    ? "unexpected argument " + GoText.quoted(first)
                    : "unknown command " + GoText.quoted(first) + " for \""
                            + command.qualifiedName() + "\"";
        }
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("bad arguments");
    }

    /** A command of etcdctl fails in etcdctl's words. */
    private static void say(CommandSpec command, String text) {
        System.err.println((Etcdctl.has(command) ? "Error: " : "jangada: ") + text);
    }
}
