// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.FileDisk;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStoreTest {
    private static final Path DIRECTORY = Path.of("data", "snapshots");
    private static final WalIdentity IDENTITY = new WalIdentity(0xc1, 1);
    private static final ConfState MEMBERS = new ConfState(List.of(1L, 2L), List.of(3L),
            List.of(1L),
            List.of(), true);
    private static final EntryId ID = new EntryId(2, 10);

    /** Held, so that the level stays: hundreds of files are damaged on purpose. */
    private static final Logger QUIET = Logger.getLogger(SnapshotStore.class.getName());

    private final MemoryDisk disk = new MemoryDisk();

    @BeforeAll
    static void quiet() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        QUIET.setLevel(null);
    }

    private SnapshotStore open() throws IOException {
        return SnapshotStore.open(disk, DIRECTORY, IDENTITY, 2);
    }

    private static byte[] state(int bytes) {
        byte[] state = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(state);
        return state;
    }

    private static SnapshotFile write(SnapshotStore store, long group, EntryId id, byte[] state)
            throws IOException {
        try (SnapshotWriter writer = store.begin(group, id, MEMBERS)) {
            writer.write(state);
            return writer.commit();
        }
    }

    private static byte[] read(SnapshotFile file) throws IOException {
        try (InputStream in = file.open()) {
            return in.readAllBytes();
        }
    }

    @Test
    void whatWasCommittedComesBackWhateverItsSize(@TempDir Path directory) throws IOException {
        int chunk = SnapshotChunks.CHUNK_BYTES;
        for (Disk each : List.of(disk, new FileDisk())) {
            for (int bytes : List.of(0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk + 17)) {
                SnapshotStore store = SnapshotStore.open(each, directory.resolve("s" + bytes),
                        IDENTITY, 1);
                SnapshotFile committed = write(store, 5, ID, state(bytes));

                SnapshotFile found = store.newest(5).orElseThrow();
                assertThat(found.id()).isEqualTo(ID);
                assertThat(found.group()).isEqualTo(5);
                assertThat(found.confState()).isEqualTo(MEMBERS);
                assertThat(found.bytes()).isEqualTo(committed.bytes()).isGreaterThan(bytes);
                assertThat(read(found)).isEqualTo(state(bytes));
                assertThat(read(committed)).isEqualTo(state(bytes));
            }
        }
    }

    @Test
    void singleBytesAndBuffersWriteTheSameFile() throws IOException {
        SnapshotStore store = open();
        byte[] state = state(70_000);
        try (SnapshotWriter writer = store.begin(1, ID, MEMBERS)) {
            for (byte value : state) {
                writer.write(value);
            }
            writer.commit();
        }
        SnapshotFile same = write(store, 2, ID, state);

        assertThat(read(store.newest(1).orElseThrow())).isEqualTo(state);
        assertThat(same.bytes()).isEqualTo(store.newest(1).orElseThrow().bytes());
    }

    @Test
    void theNewestOfTheGroupCountsAndOlderOnesThanRetainedAreDeleted() throws IOException {
        SnapshotStore store = open();
        write(store, 1, new EntryId(1, 500), state(1));
        write(store, 1, new EntryId(2, 600), state(2));
        write(store, 2, new EntryId(9, 900), state(3));
        write(store, 1, new EntryId(2, 700), state(4));

        assertThat(store.newest(1).orElseThrow().id()).isEqualTo(new EntryId(2, 700));
        assertThat(store.newest(3)).isEmpty();
        assertThat(disk.list(DIRECTORY)).containsExactly(
                "0000000000000001-0000000000000002-0000000000000258.snap",
                "0000000000000001-0000000000000002-00000000000002bc.snap",
                "0000000000000002-0000000000000009-0000000000000384.snap");
    }

    @Test
    void aDamagedNewestIsSetAsideAndTheOneBeforeCounts() throws IOException {
        SnapshotStore store = open();
        write(store, 1, ID, state(100));
        SnapshotFile newest = write(store, 1, new EntryId(2, 20), state(200));
        disk.flipBit(newest.path(), newest.bytes() - 100, 2);

        assertThat(store.newest(1).orElseThrow().id()).isEqualTo(ID);
        assertThat(store.broken()).containsExactly(Path.of(newest.path() + ".broken"));
        assertThat(disk.exists(newest.path())).isFalse();
    }

    @Test
    void anyFlippedBitAndAnyMissingEndIsFound() throws IOException {
        SnapshotFile file = write(open(), 1, ID, state(300));
        for (long at = 0; at < file.bytes(); at++) {
            MemoryDisk damaged = disk.copy();
            damaged.flipBit(file.path(), at, (int) (at % 8));
            SnapshotStore store = SnapshotStore.open(damaged, DIRECTORY, IDENTITY, 2);
            assertThat(store.newest(1)).as("byte %s", at).isEmpty();
        }
        ByteBuffer content = content(file);
        for (int bytes = 0; bytes < file.bytes(); bytes++) {
            MemoryDisk cut = new MemoryDisk();
            try (DiskFile shorter = cut.create(file.path())) {
                shorter.write(content.duplicate().limit(bytes), 0);
            }
            assertThat(SnapshotStore.open(cut, DIRECTORY, IDENTITY, 2).newest(1)).isEmpty();
        }
    }

    @Test
    void damageMetWhileReadingIsThrownBeforeAWrongByteIsGiven() throws IOException {
        int chunk = SnapshotChunks.CHUNK_BYTES;
        SnapshotFile file = write(open(), 1, ID, state(2 * chunk));
        disk.flipBit(file.path(), file.bytes() - 50, 0);

        try (InputStream in = file.open()) {
            assertThat(in.readNBytes(chunk)).isEqualTo(Arrays.copyOf(state(2 * chunk), chunk));
            assertThatThrownBy(in::read).isInstanceOf(SnapshotDamagedException.class)
                    .hasMessageContaining("chunk 1");
        }
    }

    @Test
    void aCrashAtEveryOperationLeavesTheOldOrTheNewOne() throws IOException {
        MemoryDisk dry = new MemoryDisk();
        write(SnapshotStore.open(dry, DIRECTORY, IDENTITY, 1), 1, ID, state(50));
        long before = dry.operations();
        write(SnapshotStore.open(dry, DIRECTORY, IDENTITY, 1), 1, new EntryId(2, 20), state(3000));
        long after = dry.operations();
        for (long at = before + 1; at <= after + 1; at++) {
            for (int pattern = 0; pattern < 8; pattern++) {
                MemoryDisk crashing = new MemoryDisk();
                write(SnapshotStore.open(crashing, DIRECTORY, IDENTITY, 1), 1, ID, state(50));
                crashing.crashAt(at);
                boolean committed = false;
                try {
                    write(SnapshotStore.open(crashing, DIRECTORY, IDENTITY, 1), 1,
                            new EntryId(2, 20),
                            state(3000));
                    committed = true;
                } catch (IOException crash) {
                    assertThat(crashing.isCrashed()).as("%s", crash).isTrue();
                }
                crashing.restart(Tear.random(new SplittableRandom(at * 8 + pattern)));
                SnapshotStore store = SnapshotStore.open(crashing, DIRECTORY, IDENTITY, 1);
                SnapshotFile found = store.newest(1).orElseThrow();
                assertThat(read(found)).isEqualTo(state(found.id().equals(ID) ? 50 : 3000));
                assertThat(committed && found.id().equals(ID)).isFalse();
                assertThat(store.broken()).isEmpty();
                assertThat(crashing.list(DIRECTORY)).noneMatch(name -> name.endsWith(".tmp"));
            }
        }
    }

    @Test
    void anAbortedOneLeavesNothing() throws IOException {
        SnapshotStore store = open();
        try (SnapshotWriter writer = store.begin(1, ID, MEMBERS)) {
            writer.write(state(100_000));
        }

        assertThat(disk.list(DIRECTORY)).isEmpty();
        assertThat(store.newest(1)).isEmpty();
    }

    @Test
    void aSecondCommitIsACallersMistake() throws IOException {
        SnapshotWriter writer = open().begin(1, ID, MEMBERS);
        writer.commit();

        assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
        writer.abort();
        assertThat(open().newest(1)).isPresent();
    }

    @Test
    void aReceivedOneIsTheSameFile() throws IOException {
        SnapshotFile sent = write(open(), 1, ID, state(100_000));
        MemoryDisk theirs = new MemoryDisk();
        SnapshotStore store = SnapshotStore.open(theirs, DIRECTORY, new WalIdentity(0xc1, 2), 1);

        try (SnapshotReceiver receiver = store.receive(1, ID); SnapshotFile.Raw raw = sent.raw()) {
            ByteBuffer piece = ByteBuffer.allocate(1000);
            while (raw.read(receiver.bytes(), piece.clear()) > 0) {
                receiver.write(piece.flip());
            }
            assertThat(store.newest(1)).as("not before it is committed").isEmpty();
            assertThat(receiver.commit().confState()).isEqualTo(MEMBERS);
        }

        SnapshotFile received = store.newest(1).orElseThrow();
        assertThat(read(received)).isEqualTo(state(100_000));
        assertThat(received.bytes()).isEqualTo(sent.bytes());
    }

    @Test
    void aReceivedOneThatIsDamagedOrNotTheAnnouncedOneIsRefusedAndDeleted() throws IOException {
        SnapshotFile sent = write(open(), 1, ID, state(1000));
        ByteBuffer good = content(sent);
        ByteBuffer flipped = ByteBuffer.allocate(good.remaining()).put(good.duplicate()).flip();
        flipped.put(500, (byte) (flipped.get(500) ^ 1));
        MemoryDisk theirs = new MemoryDisk();
        SnapshotStore store = SnapshotStore.open(theirs, DIRECTORY, new WalIdentity(0xc1, 2), 1);
        SnapshotStore foreign = SnapshotStore.open(theirs, DIRECTORY, new WalIdentity(0xc2, 2), 1);

        try (SnapshotReceiver receiver = store.receive(1, ID)) {
            assertThatThrownBy(() -> receiver.write(flipped))
                    .isInstanceOf(SnapshotDamagedException.class);
        }
        refuses(store, 1, ID, good.duplicate().limit(900), SnapshotDamagedException.class);
        refuses(store, 1, new EntryId(2, 11), good, SnapshotDamagedException.class);
        refuses(store, 2, ID, good, SnapshotDamagedException.class);
        refuses(foreign, 1, ID, good, WalIdentityException.class);
        assertThat(theirs.list(DIRECTORY)).isEmpty();
    }

    @Test
    void anotherClustersSnapshotIsRefused() throws IOException {
        write(open(), 1, ID, state(10));
        SnapshotStore foreign = SnapshotStore.open(disk, DIRECTORY, new WalIdentity(0xc2, 1), 2);

        assertThatThrownBy(() -> foreign.newest(1)).isInstanceOf(WalIdentityException.class);
    }

    private static void refuses(SnapshotStore store, long group, EntryId id, ByteBuffer content,
            Class<? extends IOException> with) throws IOException {
        try (SnapshotReceiver receiver = store.receive(group, id)) {
            receiver.write(content.duplicate());
            assertThatThrownBy(receiver::commit).isInstanceOf(with);
        }
    }

    private static ByteBuffer content(SnapshotFile file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) file.bytes());
        try (SnapshotFile.Raw raw = file.raw()) {
            raw.read(0, content);
        }
        return content.flip();
    }

    private static SnapshotFile receive(SnapshotStore store, SnapshotFile original)
            throws IOException {
        SnapshotReceiver receiver = store.receive(original.group(), original.id());
        ByteBuffer all = ByteBuffer.allocate((int) original.bytes());
        try (SnapshotFile.Raw raw = original.raw()) {
            raw.read(0, all);
        }
        receiver.write(all.flip());
        return receiver.commit();
    }

    /** Newer ones may come before the state machine has taken it. */
    @Test
    void whatWasReceivedIsKeptUntilItIsReleased() throws IOException {
        SnapshotFile original = write(
                SnapshotStore.open(disk, Path.of("elsewhere"), IDENTITY, 1), 5, ID, state(100));
        SnapshotStore store = open();
        SnapshotFile received = receive(store, original);
        for (int i = 1; i <= 3; i++) {
            write(store, 5, new EntryId(2, 10 + i), state(i));
        }
        assertThat(read(received)).isEqualTo(state(100));
        store.release(received);
        write(store, 5, new EntryId(2, 14), state(4));
        assertThatThrownBy(() -> read(received)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aHeldOneIsKept() throws IOException {
        SnapshotStore store = open();
        SnapshotFile held = write(store, 5, ID, state(100));
        store.hold(held);
        for (int i = 1; i <= 3; i++) {
            write(store, 5, new EntryId(2, 10 + i), state(i));
        }
        assertThat(read(held)).isEqualTo(state(100));
        store.hold(held);
        store.release(held);
        write(store, 5, new EntryId(2, 14), state(4));
        assertThat(read(held)).as("held once more").isEqualTo(state(100));
    }
}
