// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.wal.disk.MemoryDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots that arrive with breaks and damage on the way. */
class SnapshotResumeTest {
    private static final Path DIRECTORY = Path.of("data", "snapshots");
    private static final ConfState MEMBERS = ConfState.ofVoters(List.of(1L, 2L));
    private static final EntryId ID = new EntryId(2, 10);
    private static final int CHUNK = SnapshotChunks.HEAD_BYTES + SnapshotChunks.CHUNK_BYTES;

    private final MemoryDisk ours = new MemoryDisk();
    private final MemoryDisk theirs = new MemoryDisk();
    private final byte[] state = new byte[5 * SnapshotChunks.CHUNK_BYTES + 1234];
    private SnapshotFile sent;
    private SnapshotStore store;
    private ByteBuffer content;
    private int headerBytes;

    @BeforeEach
    void write() throws IOException {
        new SplittableRandom(1).nextBytes(state);
        sent = written(1);
        store = SnapshotStore.open(theirs, DIRECTORY, new WalIdentity(0xc1, 2), 1);
        content = ByteBuffer.allocate((int) sent.bytes());
        try (SnapshotFile.Raw raw = sent.raw()) {
            raw.read(0, content);
        }
        content.flip();
        headerBytes = (int) sent.bytes() - SnapshotChunks.TRAILER_BYTES - state.length
                - 6 * SnapshotChunks.HEAD_BYTES;
    }

    private SnapshotFile written(long member) throws IOException {
        SnapshotStore writing = SnapshotStore.open(ours, DIRECTORY,
                new WalIdentity(0xc1, member), 1);
        try (SnapshotWriter writer = writing.begin(1, ID, MEMBERS)) {
            writer.write(state);
            return writer.commit();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverBreaksItGoesOnWhereTheVerifiedChunksEnd(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        SnapshotReceiver receiver = store.receive(1, ID);
        while (receiver.bytes() < sent.bytes()) {
            if (random.nextInt(5) == 0) {
                long before = receiver.bytes();
                receiver.suspend();
                receiver.resume();
                assertThat(receiver.bytes()).as("seed %s", seed)
                        .isEqualTo(boundary(before));
            }
            int at = (int) receiver.bytes();
            int size = Math.min(1 + random.nextInt(100_000), content.limit() - at);
            receiver.write(content.duplicate().position(at).limit(at + size));
        }

        assertThat(read(receiver.commit())).isEqualTo(state);
        assertThat(store.newest(1)).isPresent();
    }

    /** The end of the last whole chunk, or of the header, up to {@code bytes}. */
    private long boundary(long bytes) {
        if (bytes < headerBytes) {
            return 0;
        }
        long lastEnd = sent.bytes() - SnapshotChunks.TRAILER_BYTES;
        return bytes >= lastEnd
                ? lastEnd
                : headerBytes + (bytes - headerBytes) / CHUNK * CHUNK;
    }

    @Test
    void aDamagedChunkIsRefusedWithItsLastByteAndAskedForAgain() throws IOException {
        SnapshotReceiver receiver = store.receive(1, ID);
        ByteBuffer damaged = ByteBuffer.allocate(content.limit()).put(content.duplicate())
                .flip();
        int inSecond = headerBytes + CHUNK + 100;
        damaged.put(inSecond, (byte) (damaged.get(inSecond) ^ 4));
        int lastByte = headerBytes + 2 * CHUNK - 1;

        receiver.write(damaged.duplicate().limit(lastByte));
        assertThatThrownBy(
                () -> receiver.write(damaged.duplicate().position(lastByte).limit(lastByte + 1)))
                .isInstanceOf(SnapshotDamagedException.class).hasMessageContaining("chunk 1");
        receiver.suspend();
        receiver.resume();

        assertThat(receiver.bytes()).isEqualTo(headerBytes + CHUNK);
        receiver.write(content.duplicate().position(headerBytes + CHUNK));
        assertThat(read(receiver.commit())).isEqualTo(state);
    }

    @Test
    void aFullDiskKeepsWhatIsOnIt() throws IOException {
        SnapshotReceiver receiver = store.receive(1, ID);
        receiver.write(content.duplicate().limit(headerBytes + CHUNK));
        theirs.capacityBytes(headerBytes + CHUNK + 1_000);
        assertThatThrownBy(
                () -> receiver.write(content.duplicate().position(headerBytes + CHUNK)))
                .isInstanceOf(IOException.class);
        receiver.suspend();
        theirs.capacityBytes(Long.MAX_VALUE);
        receiver.resume();

        assertThat(receiver.bytes()).isEqualTo(headerBytes + CHUNK);
        receiver.write(content.duplicate().position(headerBytes + CHUNK));
        assertThat(read(receiver.commit())).isEqualTo(state);
    }

    @Test
    void aSuspendedOneIsDeletedByAnAbortOrByTheNextStart() throws IOException {
        SnapshotReceiver aborted = store.receive(1, ID);
        aborted.write(content.duplicate().limit(1_000));
        aborted.suspend();
        aborted.abort();
        assertThat(theirs.list(DIRECTORY)).isEmpty();

        SnapshotReceiver left = store.receive(1, ID);
        left.suspend();
        assertThat(theirs.list(DIRECTORY)).hasSize(1);
        SnapshotStore ignored = SnapshotStore.open(theirs, DIRECTORY, new WalIdentity(0xc1, 2),
                1);
        assertThat(theirs.list(DIRECTORY)).isEmpty();
    }

    @Test
    void contentIdsAreEqualOnlyForEqualContents() throws IOException {
        SnapshotReceiver receiver = store.receive(1, ID);
        receiver.write(content.duplicate());
        assertThat(receiver.commit().contentId()).isEqualTo(sent.contentId());
        assertThat(store.newest(1).orElseThrow().contentId()).isEqualTo(sent.contentId());

        assertThat(written(9).contentId()).as("another writer").isNotEqualTo(sent.contentId());
        state[state.length - 1] ^= 1;
        assertThat(written(1).contentId()).as("another state").isNotEqualTo(sent.contentId());
    }

    @Test
    void aSenderNoticesDamageOfItsOwnFile() throws IOException {
        int inThird = headerBytes + 2 * CHUNK + 500;
        try (SnapshotFile.Raw raw = sent.raw()) {
            ours.flipBit(sent.path(), inThird, 3);
            ByteBuffer piece = ByteBuffer.allocate(2 * CHUNK);
            assertThat(raw.read(0, piece)).isEqualTo(2 * CHUNK);
            assertThatThrownBy(() -> raw.read(2L * CHUNK, piece.clear()))
                    .isInstanceOf(SnapshotDamagedException.class);
        }
        try (SnapshotFile.Raw resumed = sent.raw()) {
            ByteBuffer piece = ByteBuffer.allocate(CHUNK);
            assertThatThrownBy(() -> resumed.read(headerBytes + 2L * CHUNK, piece))
                    .isInstanceOf(SnapshotDamagedException.class);
        }
        ours.flipBit(sent.path(), inThird, 3);
        for (int from = headerBytes; from < sent.bytes(); from += CHUNK) {
            try (SnapshotFile.Raw resumed = sent.raw()) {
                ByteBuffer rest = ByteBuffer.allocate((int) sent.bytes() - from);
                assertThat(resumed.read(from, rest)).isEqualTo(rest.capacity());
            }
        }
    }

    private static byte[] read(SnapshotFile file) throws IOException {
        try (InputStream in = file.open()) {
            return in.readAllBytes();
        }
    }
}
