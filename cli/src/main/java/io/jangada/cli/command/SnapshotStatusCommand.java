// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.answer.SnapshotAnswer;
import io.jangada.cli.print.Format;
import io.jangada.cli.print.Printer;
import io.jangada.server.backup.SnapshotFile;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what is in a file: hash, revision, rows and size. */
@Command(name = "status", description = "Print hash, revision, number of rows and size of a file.", mixinStandardHelpOptions = true)
final class SnapshotStatusCommand implements Callable<Integer> {
    @Mixin
    private SnapshotPath path = new SnapshotPath();

    @Option(names = {"-w",
        "--write-out"}, paramLabel = "FORMAT", defaultValue = "simple", description = "simple, json, fields or table (default: ${DEFAULT-VALUE}).")
    private String format = "";

    @Override
    public Integer call() throws IOException {
        try (SnapshotFile snapshot = SnapshotFile.open(path.required("status"))) {
            new Printer(Format.named(format), false, System.out)
                    .print(new SnapshotAnswer(snapshot.status()));
            return 0;
        }
    }
}
