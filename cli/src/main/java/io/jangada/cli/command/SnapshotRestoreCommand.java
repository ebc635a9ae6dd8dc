// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.print.CommandFailure;
import io.jangada.server.Restoration;
import io.jangada.server.StartException;
import io.jangada.server.backup.RevisionBump;
import io.jangada.server.backup.SnapshotStatus;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes one member's data directory out of a file, with the flags of etcd's restore. */
@Command(name = "restore", description = "Make the data directory of a member of a new cluster out of a snapshot of etcd's, 3.4 to 3.7, or of Jangada's. To be run for each member, with the same file.", mixinStandardHelpOptions = true)
final class SnapshotRestoreCommand implements Callable<Integer> {
    @Mixin
    private SnapshotPath path = new SnapshotPath();

    @Option(names = "--name", defaultValue = "default", description = "The member's name (default: ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(names = "--data-dir", defaultValue = "", description = "The directory to make (default: NAME.etcd).")
    private String dataDir = "";

    @Option(names = "--wal-dir", defaultValue = "", description = "Where the write-ahead log is to be, if not in the data directory.")
    private String walDir = "";

    @Option(names = "--initial-cluster", defaultValue = "", description = "All members of the new cluster, as NAME=URL,… (default: this one).")
    private String initialCluster = "";

    @Option(names = "--initial-cluster-token", defaultValue = "etcd-cluster", description = "Keeps clusters from the same addresses apart (default: ${DEFAULT-VALUE}).")
    private String initialClusterToken = "";

    @Option(names = "--initial-advertise-peer-urls", defaultValue = "http://localhost:2380", description = "How other members will reach this one (default: ${DEFAULT-VALUE}).")
    private String initialAdvertisePeerUrls = "";

    @Option(names = "--bump-revision", paramLabel = "N", defaultValue = "0", description = "Skip N revisions, for clients that have seen more than the snapshot has; with --mark-compacted (default: ${DEFAULT-VALUE}).")
    private long bumpRevision;

    @Option(names = "--mark-compacted", description = "Count all before the new revision as compacted, so that watches of old revisions end; with --bump-revision.")
    private boolean markCompacted;

    @Option(names = "--skip-hash-check", description = "Take a file without a SHA-256, such as a copied database, or with a wrong one.")
    private boolean skipHashCheck;

    @Override
    public Integer call() throws ConfigException, StartException, IOException {
        Path file = path.required("restore");
        RevisionBump bump = bump();
        Path target = Path.of(dataDir.isEmpty() ? name + ".etcd" : dataDir);
        ServerConfig.Builder builder = ServerConfig.builder(name, target)
                .initialAdvertisePeerUrls(initialAdvertisePeerUrls)
                .initialClusterToken(initialClusterToken);
        if (!walDir.isEmpty()) {
            builder.walDir(Path.of(walDir));
        }
        if (!initialCluster.isEmpty()) {
            builder.initialCluster(initialCluster);
        }
        SnapshotStatus status = Restoration.restore(builder.build(), file, skipHashCheck,
                bump);
        System.out.println("restored " + file + " to " + target + ": revision "
                + status.revision() + ", " + status.rows() + " rows");
        return 0;
    }

    /* One without the other would let a watch go on over what it has not seen, or end all for nothing. */
    private RevisionBump bump() {
        if (markCompacted != (bumpRevision != 0)) {
            throw CommandFailure.badArguments(
                    "--mark-compacted is required if --bump-revision > 0, and disallowed otherwise");
        }
        try {
            return new RevisionBump(bumpRevision, markCompacted);
        } catch (IllegalArgumentException refused) {
            throw CommandFailure.badArguments("--bump-revision: " + refused.getMessage());
        }
    }
}
