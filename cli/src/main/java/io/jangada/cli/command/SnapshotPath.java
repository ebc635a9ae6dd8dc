// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.print.CommandFailure;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The one argument of the snapshot commands. */
final class SnapshotPath {
    @Parameters(paramLabel = "FILE", arity = "0..*", description = "The snapshot.")
    private List<Path> paths = List.of();

    /**
     * The file.
     *
     * @param command for the text
     * @throws CommandFailure if there is not one argument
     */
    Path required(String command) {
        if (paths.size() != 1) {
            throw CommandFailure
                    .badArguments("snapshot " + command + " requires exactly one argument");
        }
        return paths.getFirst();
    }
}
