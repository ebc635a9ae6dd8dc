// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sectors that are lost, in the wrong place, or cannot be read. */
class MemoryDiskTest {
    private static final int SECTOR_BYTES = MemoryDisk.SECTOR_BYTES;
    private static final Path FILE = Path.of("data", "file");
    private static final Path OTHER = Path.of("data", "other");

    private final MemoryDisk disk = new MemoryDisk();

    /** Of two sectors, which hold 1 and then 2 everywhere, and of one of 3. */
    @BeforeEach
    void begin() throws IOException {
        try (DiskFile file = disk.create(FILE); DiskFile other = disk.create(OTHER)) {
            for (int value = 1; value <= 2; value++) {
                write(file, value, 2 * SECTOR_BYTES, 0);
                file.force();
            }
            write(other, 3, SECTOR_BYTES, 0);
            other.force();
        }
        disk.syncDirectory(Path.of("data"));
    }

    private static void write(DiskFile file, int value, int count, long position)
            throws IOException {
        byte[] content = new byte[count];
        Arrays.fill(content, (byte) value);
        file.write(ByteBuffer.wrap(content), position);
    }

    /** The first byte of each sector. */
    private static byte[] sectors(MemoryDisk of, Path path) throws IOException {
        try (DiskFile file = of.open(path)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.bytes());
            file.read(content, 0);
            byte[] first = new byte[content.capacity() / SECTOR_BYTES];
            for (int i = 0; i < first.length; i++) {
                first[i] = content.get(i * SECTOR_BYTES);
                assertThat(content.get((i + 1) * SECTOR_BYTES - 1)).isEqualTo(first[i]);
            }
            return first;
        }
    }

    @Test
    void aLostWriteLeavesWhatWasThereBefore() throws IOException {
        disk.loseLastWrite(FILE, SECTOR_BYTES + 7);
        assertThat(sectors(disk, FILE)).containsExactly(2, 1);
        disk.restart(Tear.KEEP_ALL);
        assertThat(sectors(disk, FILE)).containsExactly(2, 1);
        disk.loseLastWrite(OTHER, 0);
        assertThat(sectors(disk, OTHER)).as("a file's first write").containsExactly(0);
    }

    @Test
    void whatACrashLeftIsWhatALostWriteBringsBack() throws IOException {
        try (DiskFile file = disk.open(FILE)) {
            write(file, 4, SECTOR_BYTES, 0);
        }
        disk.restart(Tear.KEEP_ALL);
        assertThat(sectors(disk, FILE)).containsExactly(4, 2);
        disk.loseLastWrite(FILE, 0);
        assertThat(sectors(disk, FILE)).containsExactly(2, 2);
    }

    @Test
    void aMisdirectedWriteIsSomewhereElseAndNotWhereItShouldBe() throws IOException {
        disk.misdirectLastWrite(FILE, 0, OTHER, SECTOR_BYTES - 1);
        disk.restart(Tear.LOSE_ALL);
        assertThat(sectors(disk, FILE)).containsExactly(1, 2);
        assertThat(sectors(disk, OTHER)).containsExactly(2);
    }

    @Test
    void aCrashLeavesWhatWasForced() throws IOException {
        try (DiskFile file = disk.open(FILE)) {
            write(file, 7, SECTOR_BYTES, SECTOR_BYTES);
        }
        disk.create(FILE.resolveSibling("unsynced")).close();
        MemoryDisk left = disk.afterCrash();
        assertThat(sectors(left, FILE)).containsExactly(2, 2);
        assertThat(left.exists(FILE.resolveSibling("unsynced"))).isFalse();
        assertThat(sectors(disk, FILE)).containsExactly(2, 7);
    }

    @Test
    void aBrokenSectorIsReadAgainOnceItIsWrittenOver() throws IOException {
        disk.breakSector(FILE, SECTOR_BYTES);
        for (MemoryDisk one : new MemoryDisk[]{disk, disk.copy()}) {
            one.restart(Tear.LOSE_ALL);
            try (DiskFile file = one.open(FILE)) {
                assertThat(file.read(ByteBuffer.allocate(SECTOR_BYTES), 0)).isEqualTo(SECTOR_BYTES);
                assertThatThrownBy(() -> file.read(ByteBuffer.allocate(2), SECTOR_BYTES - 1))
                        .isInstanceOf(IOException.class).hasMessageContaining(FILE.toString());
                assertThatThrownBy(() -> write(file, 5, SECTOR_BYTES, SECTOR_BYTES - 1))
                        .isInstanceOf(IOException.class).hasMessageContaining(FILE.toString());
                write(file, 5, SECTOR_BYTES, SECTOR_BYTES);
            }
            assertThat(sectors(one, FILE)).containsExactly(2, 5);
        }
    }

    @Test
    void soManyReadsFail() throws IOException {
        disk.failReads(2);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> sectors(disk, FILE)).isInstanceOf(IOException.class);
        }
        assertThat(sectors(disk, FILE)).containsExactly(2, 2);
    }
}
