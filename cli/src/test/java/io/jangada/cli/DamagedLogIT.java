// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.PutRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage in the write-ahead log: a torn end is repaired, a flipped bit in the middle is refused. */
class DamagedLogIT {
    private static final int SECTOR_BYTES = 512;

    /**
     * A crash within a write leaves some of its sectors as they were, which is zeros. The last write is
     * made to look so by zeroing its end; it counts as never acknowledged and goes, all others stay.
     */
    @Test
    void tornLastRecordIsRepaired(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(1, folder).start()) {
            MemberProcess member = cluster.members().getFirst();
            Map<String, String> acknowledged = write(cluster, 200);
            put(member, "torn", "x".repeat(8 * SECTOR_BYTES));
            member.kill();
            Path segment = lastSegment(member);
            long end = endOfData(segment);
            long from = (end - 2 * SECTOR_BYTES) / SECTOR_BYTES * SECTOR_BYTES;
            writeAt(segment, from, new byte[(int) (end - from)]);
            member.start();
            cluster.awaitLeaderEverywhere();
            assertThat(cluster.assertEqualData()).containsAllEntriesOf(acknowledged)
                    .doesNotContainKey("torn");
            put(member, "after", "the repair");
            member.kill();
            member.start();
            cluster.awaitLeaderEverywhere();
            assertThat(cluster.assertEqualData()).containsAllEntriesOf(acknowledged)
                    .containsEntry("after", "the repair");
        }
    }

    @Test
    void flippedBitInTheMiddleIsRefused(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(1, folder).start()) {
            MemberProcess member = cluster.members().getFirst();
            Map<String, String> acknowledged = write(cluster, 500);
            member.kill();
            Path segment = lastSegment(member);
            long middle = endOfData(segment) / 2;
            byte[] before = {byteAt(segment, middle)};
            writeAt(segment, middle, new byte[]{(byte) (before[0] ^ 4)});
            byte[] damaged = Files.readAllBytes(segment);
            member.start();
            assertThat(member.awaitExit()).isEqualTo(1);
            String lastLine = member.logged().strip().lines().reduce((a, b) -> b).orElseThrow();
            assertThat(lastLine).contains(segment.toString()).containsPattern("at byte \\d+")
                    .contains("remove this member from the cluster and add it again");
            assertThat(Files.readAllBytes(segment)).as("the damaged file is left as it is")
                    .isEqualTo(damaged);
            writeAt(segment, middle, before);
            member.start();
            cluster.awaitLeaderEverywhere();
            assertThat(cluster.assertEqualData()).containsAllEntriesOf(acknowledged);
        }
    }

    /** What at least {@code count} puts wrote. */
    private static Map<String, String> write(Cluster cluster, int count) throws Exception {
        try (var writers = new Writers(cluster.members(), 2)) {
            writers.awaitMore(count);
            return writers.acknowledged();
        }
    }

    private static void put(MemberProcess member, String key, String value) {
        PutRequest request = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value)).build();
        assertThat(member.kv(10_000).put(request).getHeader().getRevision()).isPositive();
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
