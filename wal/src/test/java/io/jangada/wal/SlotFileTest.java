// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.Bytes;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlotFileTest {
    private static final Path PATH = Path.of("/member/record");
    private static final int SLOT_BYTES = 1024;
    private static final Bytes FIRST = Bytes.utf8("first");
    private static final Bytes SECOND = Bytes.utf8("second and longer");

    private static SlotFile open(MemoryDisk disk) throws IOException {
        return SlotFile.open(disk, PATH, SLOT_BYTES);
    }

    private static MemoryDisk written() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        try (SlotFile file = open(disk)) {
            file.write(FIRST);
            file.write(SECOND);
        }
        return disk;
    }

    @Test
    void beginsEmptyAndKeepsWhatIsWritten() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        try (SlotFile file = open(disk)) {
            assertThat(file.content()).isEmpty();
            assertThat(file.isDamaged()).isFalse();
        }
        assertThat(open(disk).content()).isEmpty();
        assertThat(open(disk).isDamaged()).isFalse();
        assertThat(open(written()).content()).contains(SECOND);
    }

    @Test
    void aCrashAtEveryOperationLeavesTheOldContentOrTheNew() throws IOException {
        for (Tear tear : new Tear[]{Tear.LOSE_ALL, Tear.KEEP_ALL, Tear.KEEP_EVEN, Tear.KEEP_ODD}) {
            for (int at = 1; at <= 10; at++) {
                MemoryDisk disk = new MemoryDisk();
                Optional<Bytes> last = Optional.empty();
                disk.crashAt(at);
                try (SlotFile file = open(disk)) {
                    file.write(FIRST);
                    last = Optional.of(FIRST);
                    file.write(SECOND);
                    last = Optional.of(SECOND);
                } catch (IOException crash) {
                    assertThat(disk.isCrashed()).isTrue();
                }
                disk.crash();
                disk.restart(tear);
                Optional<Bytes> found = open(disk).content();
                if (last.isEmpty()) {
                    assertThat(found).isIn(Optional.empty(), Optional.of(FIRST));
                } else {
                    assertThat(found).as("crash at %s", at).isIn(last, Optional.of(SECOND));
                }
            }
        }
    }

    @Test
    void damageToOneSlotLosesNothing() throws IOException {
        for (int bit = 0; bit < 2 * SLOT_BYTES * 8; bit += 7) {
            MemoryDisk disk = written();
            disk.flipBit(PATH, bit / 8, bit % 8);
            assertThat(open(disk).content()).as("bit %s", bit).contains(SECOND);
        }
        for (int at = 0; at < 2 * SLOT_BYTES; at += 512) {
            MemoryDisk disk = written();
            disk.zeroSector(PATH, at);
            assertThat(open(disk).content()).as("sector at %s", at).contains(SECOND);
        }
    }

    @Test
    void damageToBothIsSaid() throws IOException {
        MemoryDisk disk = written();
        disk.flipBit(PATH, 22, 1);
        disk.flipBit(PATH, SLOT_BYTES + 22, 1);
        try (SlotFile file = open(disk)) {
            assertThat(file.content()).isEmpty();
            assertThat(file.isDamaged()).isTrue();
            file.write(FIRST);
        }
        assertThat(open(disk).content()).contains(FIRST);
    }

    @Test
    void canBeWrittenOnAFullDisk() throws IOException {
        MemoryDisk disk = written();
        disk.capacityBytes(1);
        try (SlotFile file = open(disk)) {
            file.write(FIRST);
        }
        assertThat(open(disk).content()).contains(FIRST);
    }

    @Test
    void aRecordLargerThanASlotIsRefused() throws IOException {
        try (SlotFile file = open(new MemoryDisk())) {
            assertThatThrownBy(() -> file.write(Bytes.wrap(new byte[SLOT_BYTES - 19])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1005").hasMessageContaining("1004");
        }
    }
}
