// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The directory of a member is copied while it is stopped, and both run, each with ports of its own. At most
 * one of them goes on, and the other says why it does not. (Two processes on one directory are in
 * {@link StartErrorsIT}.)
 */
class CopiedDirectoryIT {
    private static final String WHY = "another process runs as member";
    private static final String ADVICE = "Two copies of one data directory must not run";

    @Test
    void aCopyStopsWhereTheOriginalRuns(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder.resolve("members")).start();
                var writers = new Writers(cluster.members(), 4)) {
            writers.awaitMore(500);
            MemberProcess original = follower(cluster);
            try (MemberProcess copy = copied(original, folder)) {
                original.start();
                cluster.awaitLeaderEverywhere();
                writers.awaitMore(500);

                copy.start();
                assertThat(copy.awaitExit()).as(copy.lastLogged()).isEqualTo(1);
                assertThat(copy.logged()).contains(WHY, ADVICE);
            }
            assertThat(original.isAlive()).isTrue();
            writers.awaitMore(500);
            writers.stop();
            assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
        }
    }

    @Test
    void theOriginalStopsWhereTheCopyHasTakenItsPlace(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder.resolve("members")).start();
                var writers = new Writers(cluster.members(), 4)) {
            writers.awaitMore(500);
            MemberProcess original = follower(cluster);
            try (MemberProcess copy = copied(original, folder)) {
                copy.start();
                Cluster.await("the copy to be heard by both peers", 30,
                        () -> count("connected to peer", copy) >= 2);
                writers.awaitMore(500);

                original.start();
                assertThat(original.awaitExit()).as(original.lastLogged()).isEqualTo(1);
                assertThat(original.logged()).contains(WHY, ADVICE);
                assertThat(copy.isAlive()).isTrue();
                assertThat(copy.leads()).isFalse();
            }
            writers.awaitMore(500);

            original.start();
            cluster.awaitLeaderEverywhere();
            Cluster.await("the original to vote again", 60,
                    () -> count("member has caught up and votes again", original) == 1);
            writers.stop();
            assertThat(cluster.assertEqualData()).containsAllEntriesOf(writers.acknowledged());
        }
    }

    private static MemberProcess copied(MemberProcess original, Path folder) throws Exception {
        original.kill();
        Path target = Files.createDirectories(folder.resolve("copy"));
        return original.copy(Cluster.freeAddresses(1).getFirst(), target);
    }

    private static MemberProcess follower(Cluster cluster) {
        return cluster.members().stream().filter(member -> !member.leads()).findFirst()
                .orElseThrow();
    }

    private static long count(String text, MemberProcess member) {
        try {
            return member.logged().lines().filter(line -> line.contains(text)).count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
