// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import static io.jangada.wal.WalFixture.entries;
import static io.jangada.wal.WalFixture.open;
import static io.jangada.wal.WalFixture.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bits flip, sectors turn to zeros, files go: what may have been acknowledged is never lost in silence. */
class WalDamageTest {
    private static final int SECTOR_BYTES = MemoryDisk.SECTOR_BYTES;

    /** A log of four batches in one segment, the last of them over several sectors. */
    private static void write(MemoryDisk disk, boolean closes) throws IOException {
        Wal wal = open(disk).wal();
        wal.mark(1, new SnapshotMark(new EntryId(1, 1), ConfState.ofVoters(List.of(1L, 2L, 3L))));
        wal.append(1, new HardState(1, 0, 1), List.of());
        wal.force();
        wal.append(1, new HardState(2, 3, 1), entries(2, 2, 4, 100));
        wal.append(2, new HardState(1, 1, 0), entries(1, 1, 1, 3));
        wal.force();
        wal.append(1, HardState.EMPTY, entries(2, 5, 5, 0));
        wal.force();
        wal.append(1, new HardState(2, 3, 4), entries(2, 6, 8, 350));
        wal.append(1, HardState.EMPTY,
                List.of(new Entry(2, 9, EntryType.NORMAL, Bytes.wrap(new byte[1000]))));
        wal.force();
        if (closes) {
            wal.close();
        } else {
            disk.restart(Tear.LOSE_ALL);
        }
    }

    private static List<WalRecovery.Group> groups(MemoryDisk disk) throws IOException {
        WalRecovery recovery = open(disk);
        recovery.wal().close();
        return recovery.groups();
    }

    private static byte[] content(MemoryDisk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.bytes());
            file.read(content, 0);
            return content.array();
        }
    }

    @Test
    void anyFlippedBitIsFoundOrChangesNothing() throws IOException {
        for (boolean closes : new boolean[]{true, false}) {
            MemoryDisk disk = new MemoryDisk();
            write(disk, closes);
            List<WalRecovery.Group> expected = groups(disk.copy());
            int found = 0;
            for (int bit = 0; bit < WalFixture.CONFIG.segmentBytes() * 8; bit += 3) {
                MemoryDisk damaged = disk.copy();
                damaged.flipBit(segment(1), bit / 8, bit % 8);
                try {
                    assertThat(groups(damaged)).as("closes %s bit %s", closes, bit)
                            .isEqualTo(expected);
                } catch (WalException e) {
                    found++;
                }
            }
            assertThat(found).isGreaterThan(2000 * 8 / 3);
        }
    }

    @Test
    void aZeroedSectorIsFoundUnlessItIsInTheBatchThatACrashMayHaveTorn() throws IOException {
        for (boolean closes : new boolean[]{true, false}) {
            MemoryDisk disk = new MemoryDisk();
            write(disk, closes);
            List<WalRecovery.Group> expected = groups(disk.copy());
            int found = 0;
            int cut = 0;
            for (long at = 0; at < WalFixture.CONFIG.segmentBytes(); at += SECTOR_BYTES) {
                MemoryDisk damaged = disk.copy();
                damaged.zeroSector(segment(1), at);
                try {
                    List<WalRecovery.Group> recovered = groups(damaged);
                    if (!recovered.equals(expected)) {
                        assertThat(recovered.getFirst().lastIndex()).isEqualTo(5);
                        cut++;
                    }
                } catch (WalException e) {
                    found++;
                }
            }
            assertThat(found).isGreaterThan(1);
            assertThat(cut).isEqualTo(closes ? 0 : 3);
        }
    }

    /** A sector as it was before: damage, unless it is in the last batch, which then looks like one that a crash tore. */
    @Test
    void aLostWriteIsFoundUnlessItIsOfTheLastBatch() throws IOException {
        for (boolean closes : new boolean[]{true, false}) {
            MemoryDisk disk = new MemoryDisk();
            write(disk, closes);
            int found = 0;
            for (long at = 0; at < WalFixture.CONFIG.segmentBytes(); at += SECTOR_BYTES) {
                MemoryDisk damaged = disk.copy();
                damaged.loseLastWrite(segment(1), at);
                found += isFound(damaged, groups(disk.copy()), closes) ? 1 : 0;
            }
            assertThat(found).as("closes %s", closes).isPositive();
        }
    }

    @Test
    void aMisdirectedWriteIsFoundUnlessItIsOfTheLastBatch() throws IOException {
        for (boolean closes : new boolean[]{true, false}) {
            MemoryDisk disk = new MemoryDisk();
            write(disk, closes);
            int found = 0;
            for (long at = 0; at < WalFixture.CONFIG.segmentBytes(); at += SECTOR_BYTES) {
                for (long to = 0; to < WalFixture.CONFIG.segmentBytes(); to += SECTOR_BYTES) {
                    MemoryDisk damaged = disk.copy();
                    damaged.misdirectLastWrite(segment(1), at, segment(1), to);
                    found += isFound(damaged, groups(disk.copy()), closes) ? 1 : 0;
                }
            }
            assertThat(found).as("closes %s", closes).isGreaterThan(20);
        }
    }

    /** If not, all of {@code expected} is there, but for the last batch where a crash may have torn it. */
    private static boolean isFound(MemoryDisk damaged, List<WalRecovery.Group> expected,
            boolean closes) throws IOException {
        try {
            List<WalRecovery.Group> recovered = groups(damaged);
            if (closes || !recovered.getFirst().equals(expected.getFirst())) {
                assertThat(recovered.getFirst().lastIndex()).isEqualTo(closes ? 9 : 5);
            }
            assertThat(recovered).last().isEqualTo(expected.getLast());
            return false;
        } catch (WalException e) {
            return true;
        }
    }

    /** What cannot be read may be whole: it is neither taken for damage nor for the end of the log. */
    @Test
    void aFailedReadIsNoDamage() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        write(disk, true);
        List<WalRecovery.Group> expected = groups(disk.copy());
        for (long at = 0; at < WalFixture.CONFIG.segmentBytes(); at += SECTOR_BYTES) {
            MemoryDisk broken = disk.copy();
            broken.breakSector(segment(1), at);
            assertThatThrownBy(() -> open(broken)).isInstanceOf(IOException.class)
                    .isNotInstanceOf(WalException.class)
                    .hasMessageContaining(segment(1).toString());
        }
        disk.failReads(1);
        assertThatThrownBy(() -> open(disk)).isInstanceOf(IOException.class)
                .isNotInstanceOf(WalException.class);
        assertThat(groups(disk)).isEqualTo(expected);
    }

    @Test
    void damageInTheMiddleIsRefusedWithFileAndOffsetAndNothingIsChanged() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        write(disk, true);
        disk.flipBit(segment(1), 400, 3);
        byte[] before = content(disk, segment(1));

        assertThatThrownBy(() -> open(disk)).isInstanceOfSatisfying(WalCorruptException.class,
                e -> {
                    assertThat(e.file()).isEqualTo(segment(1));
                    assertThat(e.offset()).isBetween(300L, 400L);
                    assertThat(e).hasMessageContaining(segment(1).toString())
                            .hasMessageContaining("byte " + e.offset())
                            .hasMessageContaining("remove this member");
                });

        assertThat(content(disk, segment(1))).isEqualTo(before);
    }

    @Test
    void aTornLastBatchIsCutForGood() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Wal wal = open(disk).wal();
        wal.append(1, new HardState(1, 1, 0), entries(1, 1, 2, 50));
        wal.force();
        wal.append(1, HardState.EMPTY, entries(1, 3, 3, 1200));
        disk.crashAt(disk.operations() + 1);
        assertThatThrownBy(wal::force).isInstanceOf(WalFailedException.class);
        disk.restart(Tear.LOSE_FIRST);

        WalRecovery recovery = open(disk);

        assertThat(recovery.groups().getFirst().lastIndex()).isEqualTo(2);
        assertThat(recovery.cutBytes()).isPositive();
        disk.restart(Tear.LOSE_ALL);
        assertThat(open(disk).cutBytes()).isZero();
    }

    @Test
    void aDamagedLogIsSetAsideAndANewOneBegins() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        write(disk, true);
        disk.flipBit(segment(1), 400, 3);
        byte[] before = content(disk, segment(1));

        assertThat(Wal.setAside(disk, WalFixture.DIRECTORY)).isEqualTo(1);

        WalRecovery recovery = open(disk);
        assertThat(recovery.groups()).isEmpty();
        recovery.wal().close();
        assertThat(content(disk, Path.of(segment(1) + ".damaged"))).isEqualTo(before);
        assertThat(Wal.setAside(disk, WalFixture.DIRECTORY)).isEqualTo(1);
        assertThat(content(disk, Path.of(segment(1) + ".damaged"))).isNotEqualTo(before);
    }

    @Test
    void aMissingSegmentIsRefused() throws IOException {
        for (long missing = 1; missing <= 2; missing++) {
            MemoryDisk disk = new MemoryDisk();
            try (Wal wal = open(disk).wal()) {
                for (long index = 1; index <= 12; index++) {
                    wal.append(1, HardState.EMPTY, entries(1, index, index, 700));
                    wal.force();
                }
            }
            assertThat(disk.exists(segment(3))).isTrue();
            disk.delete(segment(missing));

            assertThatThrownBy(() -> open(disk)).isInstanceOf(WalCorruptException.class)
                    .hasMessageContaining("missing");
        }
    }

    @Test
    void aSectorFromAnotherPlaceOrAnotherMemberDoesNotValidate() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        write(disk, true);
        MemoryDisk other = new MemoryDisk();
        try (Wal wal = Wal.open(other, WalFixture.DIRECTORY, WalFixture.CONFIG,
                new WalIdentity(0xc1, 2)).wal()) {
            wal.append(1, new HardState(1, 0, 0), entries(1, 1, 5, 300));
            wal.force();
        }
        Map<String, byte[]> sources = Map.of("another place", content(disk, segment(1)),
                "another member", content(other, segment(1)));
        for (Map.Entry<String, byte[]> source : sources.entrySet()) {
            MemoryDisk damaged = disk.copy();
            try (DiskFile file = damaged.open(segment(1))) {
                file.write(ByteBuffer.wrap(source.getValue(), 2 * SECTOR_BYTES, SECTOR_BYTES),
                        SECTOR_BYTES);
            }
            assertThatThrownBy(() -> open(damaged)).as(source.getKey())
                    .isInstanceOf(WalCorruptException.class);
        }
    }

    @Test
    void aShortenedFileIsRefused() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        write(disk, true);
        byte[] content = content(disk, segment(1));
        disk.delete(segment(1));
        try (DiskFile file = disk.create(segment(1))) {
            file.write(ByteBuffer.wrap(content, 0, 3 * SECTOR_BYTES), 0);
        }

        assertThatThrownBy(() -> open(disk)).isInstanceOf(WalCorruptException.class)
                .hasMessageContaining("bytes instead of");
    }
}
