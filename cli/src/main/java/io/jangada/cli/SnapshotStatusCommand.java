// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.server.backup.SnapshotFile;
import io.jangada.server.backup.SnapshotStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what is in a file: hash, revision, rows and size, in etcdctl's form. */
@Command(name = "status", description = "Print hash, revision, number of rows and size of a file.", mixinStandardHelpOptions = true)
final class SnapshotStatusCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The snapshot.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
        try (SnapshotFile snapshot = SnapshotFile.open(file)) {
            SnapshotStatus status = snapshot.status();
            System.out.println(Long.toHexString(status.hash()) + ", " + status.revision() + ", "
                    + status.rows() + ", " + Sizes.text(status.bytes()));
            return 0;
        }
    }
}
