// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage in the write-ahead log: a torn end is repaired, a flipped bit in the middle is refused. */
class DamagedLogIT {

    @Test
    void tornLastRecordIsRepaired(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(1, folder).start()) {
            MemberProcess member = cluster.members().getFirst();
            try (var writers = new Writers(cluster.members(), 2)) {
                writers.awaitMore(200);
                writers.close();
                member.kill();
                // Half a record behind the last one, as a crash within a write leaves it.
                writeAt(lastSegment(member), endOfData(lastSegment(member)),
                        new byte[]{64, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7});
                member.start();
                cluster.awaitLeaderEverywhere();
                assertThat(Cluster.contents(member)).containsAllEntriesOf(writers.acknowledged());
            }
        }
    }

    @Test
    void flippedBitInTheMiddleIsRefused(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(1, folder).start()) {
            MemberProcess member = cluster.members().getFirst();
            try (var writers = new Writers(cluster.members(), 2)) {
                writers.awaitMore(500);
            }
            member.kill();
            Path segment = lastSegment(member);
            long middle = endOfData(segment) / 2;
            byte[] before = {byteAt(segment, middle)};
            writeAt(segment, middle, new byte[]{(byte) (before[0] ^ 4)});
            byte[] damaged = Files.readAllBytes(segment);
            member.start();
            assertThat(member.awaitExit()).isEqualTo(1);
            String lastLine = member.logged().strip().lines().reduce((a, b) -> b).orElseThrow();
            assertThat(lastLine).contains(segment.getFileName().toString())
                    .containsPattern("offset \\d+");
            assertThat(Files.readAllBytes(segment)).as("the damaged file is left as it is")
                    .isEqualTo(damaged);
            writeAt(segment, middle, before);
            member.start();
            cluster.awaitLeaderEverywhere();
        }
    }

    private static Path lastSegment(MemberProcess member) throws IOException {
        try (var files = Files.list(member.dataDir().resolve("member").resolve("wal"))) {
            return files.filter(file -> file.toString().endsWith(".wal"))
                    .max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    /** The position behind the last byte that is not zero: segments are preallocated. */
    private static long endOfData(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return (end + 7L) / 8 * 8;
    }

    private static byte byteAt(Path file, long position) throws IOException {
        return Files.readAllBytes(file)[(int) position];
    }

    private static void writeAt(Path file, long position, byte[] bytes) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(position);
            access.write(bytes);
        }
    }
}
