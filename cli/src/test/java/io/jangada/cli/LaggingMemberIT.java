// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that was away while the log was compacted behind it gets a snapshot, and then the log. */
class LaggingMemberIT {

    @Test
    void catchesUpBySnapshotWhileWritesGoOn(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder, "--snapshot-count", "500",
                "--snapshot-catchup-entries", "100").start()) {
            MemberProcess away = cluster.members().stream().filter(member -> !member.leads())
                    .findFirst().orElseThrow();
            away.kill();
            try (var writers = new Writers(cluster.members(), 4)) {
                writers.awaitMore(5_000);
                away.start();
                cluster.awaitLeaderEverywhere();
                writers.awaitMore(1_000);
                writers.stop();
                assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
            }
            assertThat(away.logged()).contains("applied snapshot");
        }
    }
}
