// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import io.jangada.cli.print.CommandFailure;

/**
 * Who asks. Immutable.
 *
 * @param user empty for nobody
 * @param password of the user
 */
record Credentials(String user, String password) {
    static final Credentials NONE = new Credentials("", "");

    /**
     * Those of {@code --user} and {@code --password}. With a password of its own, the user is taken whole.
     * One that is missing is asked for.
     */
    static Credentials of(String user, String password) {
        if (user.isEmpty() || !password.isEmpty()) {
            return new Credentials(user, password);
        }
        int colon = user.indexOf(':');
        if (colon < 0) {
            return new Credentials(user, Passwords.ask("Password: ")
                    .orElseThrow(() -> CommandFailure.badArguments("no password given")));
        }
        return new Credentials(user.substring(0, colon), user.substring(colon + 1));
    }

    boolean isGiven() {
        return !user.isEmpty();
    }
}
