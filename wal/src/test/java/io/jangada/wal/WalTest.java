// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import static io.jangada.wal.WalFixture.CONFIG;
import static io.jangada.wal.WalFixture.DIRECTORY;
import static io.jangada.wal.WalFixture.IDENTITY;
import static io.jangada.wal.WalFixture.entries;
import static io.jangada.wal.WalFixture.entry;
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
import io.jangada.wal.disk.DirectoryLockedException;
import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.FileDisk;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalTest {
    private static final HardState HARD_STATE = new HardState(3, 2, 1);

    private final MemoryDisk disk = new MemoryDisk();

    private WalRecovery.Group reopenedGroup(long group) throws IOException {
        WalRecovery recovery = open(disk);
        recovery.wal().close();
        return recovery.group(group).orElseThrow();
    }

    private static SnapshotMark mark(long term, long index) {
        return new SnapshotMark(new EntryId(term, index), ConfState.ofVoters(List.of(1L, index)));
    }

    @Test
    void aNewLogIsEmpty() throws IOException {
        WalRecovery recovery = open(disk);

        assertThat(recovery.groups()).isEmpty();
        assertThat(recovery.group(1)).isEmpty();
        assertThat(recovery.cutBytes()).isZero();
    }

    @Test
    void everythingThatWasForcedComesBack() throws IOException {
        ConfState members = new ConfState(List.of(1L, 2L), List.of(9L), List.of(1L, 3L),
                List.of(3L), true);
        SnapshotMark start = new SnapshotMark(new EntryId(1, 1), members);
        List<Entry> log = List.of(entry(2, 2, 0), entry(2, 3, 7),
                new Entry(3, 4, EntryType.CONF_CHANGE, Bytes.utf8("change")),
                new Entry(3, 5, EntryType.CONF_CHANGE_V2, Bytes.utf8("changes")));
        try (Wal wal = open(disk).wal()) {
            wal.mark(7, start);
            wal.append(7, HARD_STATE, log);
            wal.force();
        }

        assertThat(reopenedGroup(7)).isEqualTo(new WalRecovery.Group(7, HARD_STATE, start, log));
    }

    @Test
    void whatIsOnlyBufferedIsNotWritten() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 2, 10));
            wal.force();
            wal.append(1, HardState.EMPTY, entries(3, 3, 3, 10));
        }

        assertThat(reopenedGroup(1).lastIndex()).isEqualTo(2);
    }

    @Test
    void oneForceServesAllGroups() throws IOException {
        WalConfig large = new WalConfig(1 << 20, 1 << 16, 1 << 16); // One that needs no next segment yet.
        try (Wal wal = Wal.open(disk, DIRECTORY, large, IDENTITY).wal()) {
            wal.append(1, new HardState(1, 1, 0), entries(1, 1, 2, 10));
            wal.append(2, new HardState(5, 3, 0), entries(5, 1, 3, 20));
            long before = disk.operations();
            wal.force();
            assertThat(disk.operations() - before).isEqualTo(2);
        }

        assertThat(reopenedGroup(1).entries()).isEqualTo(entries(1, 1, 2, 10));
        assertThat(reopenedGroup(2).entries()).isEqualTo(entries(5, 1, 3, 20));
    }

    @Test
    void entriesReplaceWhatIsThereFromTheFirstOn() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(1, 1, 5, 10));
            wal.force();
            wal.append(1, HardState.EMPTY, entries(3, 3, 3, 10));
            wal.force();
        }

        assertThat(reopenedGroup(1).entries())
                .containsExactly(entry(1, 1, 10), entry(1, 2, 10), entry(3, 3, 10));
    }

    @Test
    void aMarkOfAnEntryInTheLogKeepsWhatFollowsIt() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 5, 10));
            wal.mark(1, mark(3, 3));
            wal.force();
        }

        assertThat(reopenedGroup(1).entries()).isEqualTo(entries(3, 4, 5, 10));
        assertThat(reopenedGroup(1).mark()).isEqualTo(mark(3, 3));
    }

    @Test
    void aMarkOfAnotherEntryReplacesTheLog() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 5, 10));
            wal.mark(1, mark(4, 3));
            wal.append(1, HardState.EMPTY, entries(4, 4, 4, 10));
            wal.force();
        }

        assertThat(reopenedGroup(1).entries()).isEqualTo(entries(4, 4, 4, 10));
    }

    @Test
    void aMarkBeyondTheLogReplacesIt() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 5, 10));
            wal.mark(1, mark(4, 50));
            wal.append(1, HardState.EMPTY, entries(4, 51, 52, 10));
            wal.force();
        }

        assertThat(reopenedGroup(1).entries()).isEqualTo(entries(4, 51, 52, 10));
    }

    @Test
    void gapsAndStepsBackAreRefusedAndBufferNothing() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 5, 10));
            wal.mark(1, mark(3, 3));
            wal.force();

            assertThatThrownBy(() -> wal.append(1, HardState.EMPTY, entries(3, 7, 7, 1)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("from 7 on");
            assertThatThrownBy(() -> wal.append(1, HardState.EMPTY, entries(3, 3, 3, 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(
                    () -> wal.append(1, HardState.EMPTY, List.of(entry(3, 6, 1), entry(3, 8, 1))))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("entry 8");
            assertThatThrownBy(() -> wal.append(1, new HardState(3, 2, 6), List.of()))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("commit 6");
            assertThatThrownBy(() -> wal.mark(1, mark(3, 2)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("mark at 2");
            long before = disk.operations();
            wal.force();
            assertThat(disk.operations()).isEqualTo(before);
        }
    }

    @Test
    void anOversizedEntryIsRefused() throws IOException {
        try (Wal wal = open(disk).wal()) {
            int largest = CONFIG.recordBytesMax();
            assertThatThrownBy(() -> wal.append(1, HARD_STATE, entries(3, 1, 1, largest + 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + largest);
            wal.append(1, HARD_STATE, entries(3, 1, 1, largest));
            wal.force();
        }

        assertThat(reopenedGroup(1).entries()).isEqualTo(entries(3, 1, 1, CONFIG.recordBytesMax()));
    }

    @Test
    void aStoredLengthAboveTheLimitIsRefusedBeforeAllocation() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 1, 5000));
            wal.force();
        }

        assertThatThrownBy(
                () -> Wal.open(disk, DIRECTORY, new WalConfig(4096, 4999, 1 << 20), IDENTITY))
                .isInstanceOf(WalCorruptException.class)
                .hasMessageContaining("above the limit of 4999");
    }

    @Test
    void aBatchBeyondItsLimitIsForcedInParts() throws IOException {
        WalConfig small = new WalConfig(1 << 16, 1 << 16, 1000);
        try (Wal wal = Wal.open(disk, DIRECTORY, small, IDENTITY).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 10, 400));
            wal.force();
        }

        assertThat(reopenedGroup(1).entries()).isEqualTo(entries(3, 1, 10, 400));
        assertThat(reopenedGroup(1).hardState()).isEqualTo(HARD_STATE);
    }

    @Test
    void segmentsFollowEachOtherAndArePurgedBehindTheMarksOfAllGroups() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(2, new HardState(9, 9, 0), entries(1, 1, 1, 10));
            for (long index = 1; index <= 20; index++) {
                wal.append(1, new HardState(3, 2, index), entries(3, index, index, 900));
                wal.force();
            }
            assertThat(disk.exists(segment(5))).isTrue();
            wal.mark(1, mark(3, 18));
            wal.purge(1, 18);
            assertThat(disk.exists(segment(1))).as("the mark is not durable yet").isTrue();
            wal.force();
            wal.purge(1, 18);
            assertThat(disk.exists(segment(1))).as("group 2 needs it").isTrue();
            wal.mark(2, mark(1, 1));
            wal.force();
            wal.purge(2, 1);
            assertThat(disk.exists(segment(1))).isFalse();
            assertThat(disk.exists(segment(2))).isFalse();
        }

        assertThat(reopenedGroup(1)).isEqualTo(new WalRecovery.Group(1, new HardState(3, 2, 20),
                mark(3, 18), entries(3, 19, 20, 900)));
        assertThat(reopenedGroup(2)).isEqualTo(
                new WalRecovery.Group(2, new HardState(9, 9, 0), mark(1, 1), List.of()));
    }

    @Test
    void purgeKeepsWhatIsAfterTheGivenIndex() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 3, 900));
            wal.force();
            wal.append(1, HARD_STATE, entries(3, 4, 6, 900));
            wal.mark(1, mark(3, 6));
            wal.force();

            wal.purge(1, 2);
            assertThat(disk.exists(segment(1))).isTrue();
            wal.purge(1, 3);
            assertThat(disk.exists(segment(1))).isFalse();
        }
    }

    @Test
    void aFailedForceIsNeverRetried() throws IOException {
        Wal wal = open(disk).wal();
        wal.append(1, HARD_STATE, entries(3, 1, 2, 10));
        wal.force();
        wal.append(1, HardState.EMPTY, entries(3, 3, 3, 10));
        disk.failForces(1);
        assertThatThrownBy(wal::force).isInstanceOf(WalFailedException.class);
        long before = disk.operations();

        assertThatThrownBy(wal::force).isInstanceOf(WalFailedException.class);
        assertThatThrownBy(() -> wal.append(1, HardState.EMPTY, entries(3, 4, 4, 1)))
                .isInstanceOf(WalFailedException.class);
        assertThatThrownBy(() -> wal.mark(1, mark(3, 2))).isInstanceOf(WalFailedException.class);
        assertThatThrownBy(() -> wal.purge(1, 2)).isInstanceOf(WalFailedException.class);
        wal.close();

        assertThat(disk.operations()).isEqualTo(before);
        disk.restart(Tear.LOSE_ALL);
        assertThat(reopenedGroup(1).lastIndex()).isEqualTo(2);
    }

    @Test
    void aFailedWriteIsNeverRetried() throws IOException {
        Wal wal = open(disk).wal();
        wal.append(1, HARD_STATE, entries(3, 1, 2, 1000));
        disk.failWrites(1);

        assertThatThrownBy(wal::force).isInstanceOf(WalFailedException.class);
        assertThatThrownBy(wal::force).isInstanceOf(WalFailedException.class)
                .hasMessageContaining("failed earlier");
        wal.close();
        assertThat(open(disk).groups()).isEmpty();
    }

    @Test
    void whatRecoveryGivesIsDurableEvenIfItsForceHadFailedOrNeverReturned() throws IOException {
        for (boolean fails : new boolean[]{true, false}) {
            MemoryDisk machine = new MemoryDisk();
            Wal wal = open(machine).wal();
            wal.append(1, HARD_STATE, entries(3, 1, 3, 700));
            if (fails) {
                machine.failForces(1);
            } else {
                machine.crashAt(machine.operations() + 2);
            }
            assertThatThrownBy(wal::force).isInstanceOf(WalFailedException.class);
            machine.restartProcess();

            WalRecovery seen = open(machine);
            assertThat(seen.groups().getFirst().lastIndex()).isEqualTo(3);
            machine.restart(Tear.LOSE_ALL);
            assertThat(open(machine).groups()).as("fails %s", fails).isEqualTo(seen.groups());
        }
    }

    @Test
    void onAFullDiskNothingIsWrittenAndTheLogGoesOnOnceThereIsRoom() throws IOException {
        try (Wal wal = open(disk).wal()) {
            disk.capacityBytes(2 * CONFIG.segmentBytes() - 1);
            wal.append(1, HARD_STATE, entries(3, 1, 3, 1000));
            wal.force();
            wal.append(1, HardState.EMPTY, entries(3, 4, 4, 1000));
            assertThatThrownBy(wal::force).isInstanceOf(WalFullException.class);
            assertThatThrownBy(wal::force).isInstanceOf(WalFullException.class);
            assertThat(disk.list(DIRECTORY)).hasSize(1);

            disk.capacityBytes(Long.MAX_VALUE);
            wal.force();
        }

        assertThat(reopenedGroup(1).entries()).isEqualTo(entries(3, 1, 4, 1000));
    }

    @Test
    void aFullDiskDoesNotKeepALogFromOpening() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 2, 10));
            wal.force();
        }
        disk.capacityBytes(0);

        assertThat(reopenedGroup(1).lastIndex()).isEqualTo(2);
    }

    @Test
    void anotherMembersLogIsRefused() throws IOException {
        open(disk).wal().close();

        for (WalIdentity other : List.of(new WalIdentity(0xc1, 2), new WalIdentity(0xc2, 1))) {
            assertThatThrownBy(() -> Wal.open(disk, DIRECTORY, CONFIG, other))
                    .isInstanceOf(WalIdentityException.class).hasMessageContaining(other.toString())
                    .hasMessageContaining(IDENTITY.toString());
        }
    }

    @Test
    void anUnknownFormatVersionIsRefused() throws IOException {
        open(disk).wal().close();
        try (DiskFile file = disk.open(segment(1))) {
            ByteBuffer header = ByteBuffer.allocate(SegmentHeader.BYTES);
            file.read(header, 0);
            header.putInt(8, 2);
            CRC32C crc = new CRC32C();
            crc.update(header.slice(0, 12));
            crc.update(header.slice(16, SegmentHeader.BYTES - 16));
            file.write(header.putInt(12, (int) crc.getValue()).clear(), 0);
        }

        assertThatThrownBy(() -> open(disk)).isInstanceOf(WalVersionException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void aRefusedLogLeavesTheDirectoryFree() throws IOException {
        open(disk).wal().close();
        assertThatThrownBy(() -> Wal.open(disk, DIRECTORY, CONFIG, new WalIdentity(1, 1)))
                .isInstanceOf(WalIdentityException.class);

        open(disk).wal().close();
    }

    @Test
    void aLockedDirectoryIsRefused(@TempDir Path directory) throws IOException {
        FileDisk real = new FileDisk();
        Wal wal = Wal.open(real, directory, CONFIG, IDENTITY).wal();
        assertThatThrownBy(() -> Wal.open(real, directory, CONFIG, IDENTITY))
                .isInstanceOf(DirectoryLockedException.class)
                .hasMessageContaining(directory.toString());
        wal.close();
        wal.close();
        Wal.open(real, directory, CONFIG, IDENTITY).wal().close();

        Wal inMemory = open(disk).wal();
        assertThatThrownBy(() -> open(disk)).isInstanceOf(DirectoryLockedException.class);
        inMemory.close();
        open(disk).wal().close();
    }

    @Test
    void aSegmentThatIsNotNeededBecomesTheNextOne() throws IOException {
        try (Wal wal = open(disk).wal()) {
            wal.append(1, HARD_STATE, entries(3, 1, 2, 10));
            wal.force();
            long index = fillTo(wal, 3, 2);
            wal.mark(1, mark(3, index - 1));
            wal.force();
            wal.purge(1, index - 1);
            assertThat(disk.list(DIRECTORY)).contains(SegmentPreparer.SPARE)
                    .doesNotContain(SegmentHeader.fileName(1));
            index = fillTo(wal, index, 4);
            assertThat(disk.list(DIRECTORY)).doesNotContain(SegmentPreparer.SPARE);
            fillTo(wal, index, 5);
        }
        assertThat(disk.list(DIRECTORY)).doesNotContain(SegmentPreparer.SPARE,
                SegmentPreparer.TEMPORARY);
        assertThat(reopenedGroup(1).lastIndex()).isGreaterThan(10);
    }

    /** Appends from {@code index} on until segment {@code sequence} is there; returns the next index. */
    private long fillTo(Wal wal, long index, long sequence) throws IOException {
        long next = index;
        while (!disk.exists(DIRECTORY.resolve(SegmentHeader.fileName(sequence)))) {
            wal.append(1, HardState.EMPTY, entries(3, next, next, 300));
            wal.force();
            next++;
        }
        return next;
    }

    @Test
    void theRealDiskKeepsTheLogOverSegmentsAllocatedInTheBackground(@TempDir Path directory)
            throws IOException {
        FileDisk real = new FileDisk();
        Path wals = directory.resolve("member").resolve("wal");
        try (Wal wal = Wal.open(real, wals, CONFIG, IDENTITY,
                task -> Thread.ofVirtual().start(task)).wal()) {
            for (long index = 1; index <= 40; index++) {
                wal.append(1, new HardState(3, 2, index - 1), entries(3, index, index, 500));
                wal.force();
            }
            wal.mark(1, mark(3, 30));
            wal.force();
            wal.purge(1, 30);
        }

        WalRecovery recovery = Wal.open(real, wals, CONFIG, IDENTITY);
        recovery.wal().close();
        assertThat(recovery.groups()).containsExactly(new WalRecovery.Group(1,
                new HardState(3, 2, 39), mark(3, 30), entries(3, 31, 40, 500)));
        assertThat(real.list(wals)).doesNotContain(SegmentHeader.fileName(1),
                SegmentPreparer.TEMPORARY);
    }
}
