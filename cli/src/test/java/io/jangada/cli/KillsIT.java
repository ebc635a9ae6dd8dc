// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL under a load of writers: what was acknowledged is there afterwards, on every member. How
 * many rounds is set by the property {@code jangada.kills}.
 */
class KillsIT {
    private static final int KILLS = Integer.getInteger("jangada.kills", 4);
    /** Two election timeouts, the second to cover randomisation, plus what the observer's own look costs. */
    private static final long ELECTION_MILLIS_MAX = 2 * 1_000;
    private static final long LOOK_MILLIS = 250;

    @Test
    void leaderKilledUnderLoadLosesNothing(@TempDir Path folder) throws Exception {
        var electionMillis = new ArrayList<Long>();
        try (var cluster = new Cluster(3, folder, "--snapshot-count", "2000").start()) {
            try (var writers = new Writers(cluster.members(), 8)) {
                for (int i = 0; i < KILLS; i++) {
                    writers.awaitMore(500);
                    MemberProcess leader = cluster.awaitLeader();
                    leader.kill();
                    long killed = System.nanoTime();
                    cluster.awaitLeader();
                    electionMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed));
                    writers.awaitMore(200);
                    leader.start();
                    cluster.awaitLeaderEverywhere();
                }
                writers.awaitMore(200);
                writers.stop();
                assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
                System.out.printf("kills=%d acknowledged=%d failed=%d electionMillis=%s%n", KILLS,
                        writers.acknowledged().size(), writers.failureCount(), electionMillis);
            }
        }
        assertThat(electionMillis).allMatch(millis -> millis <= ELECTION_MILLIS_MAX + LOOK_MILLIS);
    }

    @Test
    void allKilledAtOnceLoseNothing(@TempDir Path folder) throws Exception {
        int kills = Math.max(1, KILLS / 2);
        try (var cluster = new Cluster(3, folder, "--snapshot-count", "2000").start()) {
            try (var writers = new Writers(cluster.members(), 8)) {
                for (int i = 0; i < kills; i++) {
                    writers.awaitMore(500);
                    killAll(cluster.members());
                    cluster.start();
                }
                writers.awaitMore(200);
                writers.stop();
                assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
                System.out.printf("killsOfAll=%d acknowledged=%d failed=%d%n", kills,
                        writers.acknowledged().size(),
                        writers.failureCount());
            }
        }
    }

    private static void killAll(List<MemberProcess> members)
            throws IOException, InterruptedException {
        for (MemberProcess member : members) {
            member.signal("STOP"); // So that none runs on while the others die.
        }
        for (MemberProcess member : members) {
            member.kill();
        }
    }
}
