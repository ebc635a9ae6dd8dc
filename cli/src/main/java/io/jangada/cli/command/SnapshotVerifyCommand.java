// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.print.GoText;
import io.jangada.server.backup.SnapshotFile;
import io.jangada.server.backup.SnapshotStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads a whole file and compares it with its SHA-256; any byte that has changed is refused. */
@Command(name = "verify", description = "Read all of a file, and refuse it if any byte has changed.", mixinStandardHelpOptions = true)
final class SnapshotVerifyCommand implements Callable<Integer> {
    @Mixin
    private SnapshotPath path = new SnapshotPath();

    @Override
    public Integer call() throws IOException {
        Path file = path.required("verify");
        try (SnapshotFile snapshot = SnapshotFile.open(file)) {
            snapshot.checkDigest();
            SnapshotStatus status = snapshot.status();
            System.out.println(file + " is sound: revision " + status.revision() + ", "
                    + status.rows() + " rows, " + GoText.size(status.bytes()));
            return 0;
        }
    }
}
