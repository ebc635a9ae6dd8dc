// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.client.Passwords;
import io.jangada.cli.print.CommandFailure;
import picocli.CommandLine.Option;

/** A new password for a user, typed twice on a terminal or read from standard input. */
final class TypedPassword {
    @Option(names = "--interactive", arity = "0..1", fallbackValue = "true", defaultValue = "true", paramLabel = "BOOL", description = "Ask for the password; with =false, read it from standard input (default: ${DEFAULT-VALUE}).")
    private boolean interactive = true;

    /**
     * The password for {@code user}.
     *
     * @throws CommandFailure if there is none, or the two are not the same
     */
    String password(String user) {
        if (!interactive) {
            return notEmpty(Passwords.read().orElse(""));
        }
        String password = notEmpty(Passwords.ask("Password of " + user + ": ").orElse(""));
        String again = Passwords
                .ask("Type password of " + user + " again for confirmation: ").orElse("");
        if (!password.equals(again)) {
            throw CommandFailure.badArguments("given passwords are different");
        }
        return password;
    }

    private static String notEmpty(String password) {
        if (password.isEmpty()) {
            throw CommandFailure.badArguments("empty password");
        }
        return password;
    }
}
