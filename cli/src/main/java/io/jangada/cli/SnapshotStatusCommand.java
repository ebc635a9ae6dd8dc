// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.server.backup.SnapshotFile;
import io.jangada.server.backup.SnapshotStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what is in a file: hash, revision, rows and size, in etcdctl's form. */
@Command(name = "status", description = "Print hash, revision, number of rows and size of a file.", mixinStandardHelpOptions = true)
final class SnapshotStatusCommand implements Callable<Integer> {
    @Mixin
    private SnapshotPath path = new SnapshotPath();

    @Option(names = {"-w",
        "--write-out"}, paramLabel = "FORMAT", defaultValue = "simple", description = "simple, json or fields (default: ${DEFAULT-VALUE}).")
    private String format = "";

    @Override
    public Integer call() throws IOException {
        Path file = path.required("status");
        try (SnapshotFile snapshot = SnapshotFile.open(file)) {
            System.out.print(text(format, snapshot.status()));
            return 0;
        }
    }

    private static String text(String format, SnapshotStatus status) {
        return switch (format) {
            case "simple" -> String.format("%x, %d, %d, %s%n", status.hash(), status.revision(),
                    status.rows(), Sizes.text(status.bytes()));
            case "json" -> String.format(
                    "{\"hash\":%d,\"revision\":%d,\"totalKey\":%d,\"totalSize\":%d}%n",
                    status.hash(), status.revision(), status.rows(), status.bytes());
            case "fields" -> String.format(
                    "\"Hash\" : %d%n\"Revision\" : %d%n\"Keys\" : %d%n\"Size\" : %d%n",
                    status.hash(), status.revision(), status.rows(), status.bytes());
            default -> throw CommandFailure.badArguments(
                    "snapshot status has the formats simple, json and fields, not " + format);
        };
    }
}
