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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged file, or one that was made to do harm, is refused with the page; nothing else happens. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // Set before each test.
class BoltDamageTest {
    private static final int PAGE = 4096;
    private static final int LEAF_FIRST = 3;

    private FileChannel file;

    @BeforeEach
    void write(@TempDir Path folder) throws IOException {
        file = BoltFile.open(folder.resolve("db"));
        SplittableRandom random = new SplittableRandom(9);
        NavigableMap<String, NavigableMap<String, String>> buckets = new TreeMap<>();
        buckets.put("key", BoltFile.rows(random, 400, 30, 60));
        buckets.put("large", BoltFile.rows(random, 2, 30, 20_000));
        buckets.put("meta", BoltFile.rows(random, 3, 30, 60));
        BoltFile.write(file, buckets);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void changedBytesAreReadOrRefusedAndDoNothingElse(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int round = 0; round < 3_000; round++) {
            int pages = (int) (file.size() / PAGE);
            int at = random.nextInt(pages) * PAGE + (random.nextBoolean()
                    ? random.nextInt(200)
                    : random.nextInt(PAGE));
            int length = 1 + random.nextInt(8);
            ByteBuffer before = ByteBuffer.allocate(length);
            file.read(before, at);
            byte[] noise = new byte[before.position()];
            random.nextBytes(noise);
            file.write(ByteBuffer.wrap(noise), at);
            try {
                BoltFile.read(file);
            } catch (BoltDamagedException damaged) {
                refused++;
            }
            file.write(before.flip(), at);
        }
        assertThat(refused).as("refused with seed %s", seed).isGreaterThan(500);
        BoltFile.read(file);
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        for (long bytes = 0; bytes < file.size(); bytes += 97) {
            long cut = bytes;
            assertThatThrownBy(() -> BoltFile.read(file, cut)).as("cut to %s", cut)
                    .isInstanceOf(BoltDamagedException.class);
        }
    }

    @Test
    void oneSoundMetaIsEnough() throws IOException {
        var rows = BoltFile.read(file);
        file.write(ByteBuffer.allocate(PAGE), 0);
        assertThat(BoltFile.read(file).equals(rows)).isTrue();
        file.write(ByteBuffer.allocate(PAGE), PAGE);
        refuses("page 0: no sound meta page");
    }

    @Test
    void aPageThatIsItsOwnChildIsRefused() throws IOException {
        long branch = pageOf(Format.BRANCH);
        putLong(branch * PAGE + 16 + 8, branch);
        refuses("page " + branch + ": belongs to more than one place");
    }

    @Test
    void aPageWithTwoParentsIsRefused() throws IOException {
        long branch = pageOf(Format.BRANCH);
        putLong(branch * PAGE + 16 + Format.ELEMENT_BYTES + 8, LEAF_FIRST);
        refuses("page 3: belongs to more than one place");
    }

    @Test
    void aPageOutsideOfTheFileIsRefused() throws IOException {
        long branch = pageOf(Format.BRANCH);
        for (long wrong : new long[]{-1, 0, 1, file.size() / PAGE, Long.MAX_VALUE,
            Long.MIN_VALUE}) {
            putLong(branch * PAGE + 16 + 8, wrong);
            refuses("page " + wrong + ": is named, but not in [2, ");
        }
    }

    @Test
    void overflowBeyondTheFileIsRefused() throws IOException {
        file.write(ByteBuffer.wrap(new byte[]{-1, -1, -1, -1}), LEAF_FIRST * PAGE + 12);
        refuses("page 3: overflows into 4294967295 pages");
    }

    @Test
    void moreElementsThanThePageHoldsAreRefused() throws IOException {
        file.write(ByteBuffer.wrap(new byte[]{-1, -1}), LEAF_FIRST * PAGE + 10);
        refuses("page 3: 65535 elements in 4096 bytes");
    }

    @Test
    void rowsBeyondThePageAreRefused() throws IOException {
        file.write(ByteBuffer.wrap(new byte[]{-1, -1, -1, -1}), LEAF_FIRST * PAGE + 16 + 12);
        refuses("page 3: element 0 has [");
    }

    private void refuses(String what) {
        assertThatThrownBy(() -> BoltFile.read(file)).isInstanceOf(BoltDamagedException.class)
                .hasMessageStartingWith(what);
    }

    private long pageOf(int flags) throws IOException {
        ByteBuffer header = Format.allocate(Format.PAGE_HEADER_BYTES);
        for (long page = 2; page < file.size() / PAGE; page += 1 + header.getInt(12)) {
            file.read(header.clear(), page * PAGE);
            if (header.getShort(8) == flags) {
                return page;
            }
        }
        throw new AssertionError("no such page");
    }

    private void putLong(long at, long value) throws IOException {
        file.write(Format.allocate(Long.BYTES).putLong(value).flip(), at);
    }
}
