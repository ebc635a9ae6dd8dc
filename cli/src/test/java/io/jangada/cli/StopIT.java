// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that is told to stop does so in order: it hands leadership over, and soon ends with 0. */
class StopIT {
    private static final long STOP_MILLIS_MAX = 1_500;
    /** Less than any election takes that begins with a timeout of 1 s. */
    private static final long HAND_OVER_MILLIS_MAX = 500;

    @Test
    void leaderHandsOverAndEndsWithZero(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder).start()) {
            try (var writers = new Writers(cluster.members(), 4)) {
                for (int round = 0; round < 3; round++) {
                    writers.awaitMore(300);
                    MemberProcess leader = cluster.awaitLeader();
                    long told = System.nanoTime();
                    assertThat(leader.stop()).as("exit code").isZero();
                    assertThat(millisSince(told)).as("milliseconds to stop")
                            .isLessThanOrEqualTo(STOP_MILLIS_MAX);
                    long ended = System.nanoTime();
                    cluster.awaitLeader();
                    assertThat(millisSince(ended)).as("milliseconds without a leader")
                            .isLessThanOrEqualTo(HAND_OVER_MILLIS_MAX);
                    leader.start();
                    cluster.awaitLeaderEverywhere();
                }
                writers.stop();
                assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
            }
        }
    }

    @Test
    void allEndWithZeroAndBeginAgain(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder).start()) {
            try (var writers = new Writers(cluster.members(), 4)) {
                writers.awaitMore(300);
                writers.stop();
                for (MemberProcess member : List.copyOf(cluster.members())) {
                    long told = System.nanoTime();
                    assertThat(member.stop()).as("exit code").isZero();
                    assertThat(millisSince(told)).as("milliseconds to stop")
                            .isLessThanOrEqualTo(STOP_MILLIS_MAX);
                }
                cluster.start();
                assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
            }
        }
    }

    @Test
    void allThatAreToldAtOnceEndSoon(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder).start()) {
            try (var writers = new Writers(cluster.members(), 4)) {
                writers.awaitMore(300);
                writers.stop();
                long told = System.nanoTime();
                for (MemberProcess member : cluster.members()) {
                    member.signal("TERM");
                }
                for (MemberProcess member : cluster.members()) {
                    assertThat(member.awaitExit()).as("exit code").isZero();
                }
                assertThat(millisSince(told)).as("milliseconds to stop")
                        .isLessThanOrEqualTo(STOP_MILLIS_MAX);
                cluster.start();
                assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
            }
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
