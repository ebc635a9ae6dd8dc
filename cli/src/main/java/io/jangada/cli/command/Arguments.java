// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.print.CommandFailure;
import java.util.List;

/** Checks of how many arguments there are. */
final class Arguments {
    private Arguments() {}

    /** Exactly {@code count}, or a refusal that says {@code otherwise}. */
    static void exactly(int count, List<String> arguments, String otherwise) {
        if (arguments.size() != count) {
            throw CommandFailure.badArguments(otherwise);
        }
    }
}
