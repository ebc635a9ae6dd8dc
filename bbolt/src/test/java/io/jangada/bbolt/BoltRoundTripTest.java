// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what is read. */
@SuppressWarnings("NullAway.Init") // JUnit sets the folder.
class BoltRoundTripTest {
    @TempDir
    Path folder;

    @Test
    void anEmptyFileHasNoBuckets() throws IOException {
        try (FileChannel file = BoltFile.open(folder.resolve("db"))) {
            assertThat(new BoltWriter(file).finish()).isEqualTo(4 * 4096).isEqualTo(file.size());
            assertThat(BoltFile.read(file)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rowsComeBack(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        NavigableMap<String, NavigableMap<String, String>> buckets = new TreeMap<>();
        for (String name : new String[]{"auth", "key", "lease", "meta", "z\u00ff"}) {
            int count = random.nextInt(4) == 0 ? 0 : random.nextInt(3_000);
            buckets.put(name, BoltFile.rows(random, count, 1 + random.nextInt(40),
                    random.nextInt(300)));
        }
        check(buckets);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void largeKeysAndValuesComeBack(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        NavigableMap<String, NavigableMap<String, String>> buckets = new TreeMap<>();
        buckets.put("keys", BoltFile.rows(random, 60, 32_768, 10));
        buckets.put("values", BoltFile.rows(random, 40, 20, 200_000));
        check(buckets);
    }

    @Test
    void manyBucketsComeBack() throws IOException {
        NavigableMap<String, NavigableMap<String, String>> buckets = new TreeMap<>();
        for (int i = 0; i < 1_000; i++) {
            buckets.put("bucket-" + i, new TreeMap<>());
        }
        check(buckets);
    }

    private void check(NavigableMap<String, NavigableMap<String, String>> buckets)
            throws IOException {
        try (FileChannel file = BoltFile.open(folder.resolve("db"))) {
            BoltFile.write(file, buckets);
            assertThat(file.size() % 4096).isZero();
            assertThat(BoltFile.read(file).equals(buckets)).isTrue();
            assertBranchesHaveChildren(file);
        }
    }

    /** bbolt merges a small page with its neighbour under the same branch, and takes it that there is one. */
    private static void assertBranchesHaveChildren(FileChannel file) throws IOException {
        ByteBuffer header = Format.allocate(Format.PAGE_HEADER_BYTES);
        for (long page = 2; page < file.size() / 4096; page += 1 + header.getInt(12)) {
            file.read(header.clear(), page * 4096);
            assertThat(header.getLong(0)).isEqualTo(page);
            if (header.getShort(8) == Format.BRANCH) {
                assertThat(header.getShort(10)).as("children on page %s", page)
                        .isGreaterThanOrEqualTo((short) 2);
            }
        }
    }

    @Test
    void rowsAndBucketsMustAscend() throws IOException {
        try (FileChannel file = BoltFile.open(folder.resolve("db"))) {
            BoltWriter writer = new BoltWriter(file);
            assertThatThrownBy(() -> writer.put(BoltFile.bytes("a"), BoltFile.bytes("")))
                    .isInstanceOf(IllegalStateException.class);
            writer.bucket("b");
            writer.put(BoltFile.bytes("a\u0080"), BoltFile.bytes("1"));
            for (String wrong : new String[]{"", "a", "a\u007f", "a\u0080"}) {
                assertThatThrownBy(
                        () -> writer.put(BoltFile.bytes(wrong), BoltFile.bytes("2")))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> writer.bucket("a"))
                    .isInstanceOf(IllegalArgumentException.class);
            writer.bucket("c");
            writer.put(BoltFile.bytes("a"), BoltFile.bytes("3"));
            writer.finish();
            assertThat(BoltFile.read(file).toString())
                    .isEqualTo("{b={a\u0080=1}, c={a=3}}");
            assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
        }
    }
}
