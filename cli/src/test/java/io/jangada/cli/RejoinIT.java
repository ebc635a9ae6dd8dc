// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that have lost their data, or part of it, come back by themselves while writes go on. */
class RejoinIT {
    private static final String VOTES_AGAIN = "member has caught up and votes again";

    @Test
    void aDamagedLogAndAWipedDirectoryAreRepaired(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder, "--snapshot-count", "500",
                "--snapshot-catchup-entries", "100").start()) {
            try (var writers = new Writers(cluster.members(), 4)) {
                writers.awaitMore(2_000);
                MemberProcess damaged = follower(cluster);
                damaged.kill();
                flipABitInTheMiddle(lastSegment(damaged));
                damaged.start();
                cluster.awaitLeaderEverywhere();
                Cluster.await("the damaged member to vote again", 60, () -> votesAgain(damaged));
                writers.awaitMore(500);

                MemberProcess wiped = cluster.members().stream()
                        .filter(member -> member != damaged && !member.leads()).findFirst()
                        .orElseThrow();
                wiped.kill();
                deleteAll(wiped.dataDir());
                wiped.start();
                cluster.awaitLeaderEverywhere();
                Cluster.await("the wiped member to vote again", 60, () -> votesAgain(wiped));
                writers.awaitMore(500);
                writers.stop();
                assertThat(cluster.assertEqualData())
                        .containsAllEntriesOf(writers.acknowledged());
            }
        }
    }

    private static boolean votesAgain(MemberProcess member) {
        try {
            return member.logged().contains(VOTES_AGAIN);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static MemberProcess follower(Cluster cluster) {
        return cluster.members().stream().filter(member -> !member.leads()).findFirst()
                .orElseThrow();
    }

    private static Path lastSegment(MemberProcess member) throws IOException {
        try (var files = Files.list(member.dataDir().resolve("member").resolve("wal"))) {
            return files.filter(file -> file.toString().endsWith(".wal"))
                    .max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    private static void flipABitInTheMiddle(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        try (var access = new RandomAccessFile(segment.toFile(), "rw")) {
            access.seek(end / 2);
            access.write(bytes[end / 2] ^ 4);
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        List<Path> all;
        try (var files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
