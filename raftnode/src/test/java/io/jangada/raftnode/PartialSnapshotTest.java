// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.LoopbackHub;
import io.jangada.network.Network;
import io.jangada.network.SnapshotOffer;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.SlabPool;
import io.jangada.wal.SnapshotReceiver;
import io.jangada.wal.SnapshotStore;
import io.jangada.wal.Wal;
import io.jangada.wal.WalConfig;
import io.jangada.wal.WalIdentity;
import io.jangada.wal.disk.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartialSnapshotTest {
    private static final Path DIRECTORY = Path.of("/member/snap");
    private static final WalIdentity IDENTITY = new WalIdentity(7, 1);
    private static final EntryId ID = new EntryId(2, 10);

    private final MemoryDisk disk = new MemoryDisk();
    private final VirtualEventLoops loops = new VirtualEventLoops();
    private final EventLoop loop = loops.loop("node", thrown -> {
        throw new AssertionError(thrown);
    });
    private SnapshotStore store;
    private PartialSnapshot partial;

    @BeforeEach
    void open() throws IOException {
        store = SnapshotStore.open(disk, DIRECTORY, IDENTITY, 1);
        Wal wal = Wal.open(disk, Path.of("/member/wal"), WalConfig.DEFAULT, IDENTITY,
                Runnable::run).wal();
        Instruments instruments = new Instruments(RaftMetrics.NONE, loops.clock());
        Network network = new LoopbackHub().join(1, Runnable::run);
        SplittableRandom random = new SplittableRandom(1);
        Identity identity = Identity.open(disk, Path.of("/member/wal"), 7, 1, 1);
        partial = new PartialSnapshot(new HostParts(1, loop, loop,
                new WalWriter(wal, loop, instruments), store, network,
                new HostPeers(network, 1, disk, Path.of("/member/peers")), loops, instruments,
                random, new Losses(identity, loop, loop, random, failure -> {}),
                new SlabPool(0)));
    }

    @Test
    void theSameContentGoesOn() throws IOException {
        SnapshotReceiver begun = begun();
        partial.keep(offer(ID, 100, 5), begun);

        assertThat(partial.take(offer(ID, 100, 5))).isSameAs(begun);
        assertThat(partial.take(offer(ID, 100, 5))).as("taken once").isNull();
        begun.write(ByteBuffer.allocate(10));
    }

    @Test
    void anotherContentBeginsAnewAndTheOldIsDeleted() throws IOException {
        for (SnapshotOffer other : List.of(offer(new EntryId(2, 11), 100, 5), offer(ID, 101, 5),
                offer(ID, 100, 6))) {
            partial.keep(offer(ID, 100, 5), begun());

            assertThat(partial.take(other)).isNull();
            assertThat(disk.list(DIRECTORY)).isEmpty();
        }
    }

    @Test
    void onlyOneIsKept() throws IOException {
        partial.keep(offer(ID, 100, 5), begun());
        SnapshotReceiver newer = begun();
        partial.keep(offer(ID, 100, 6), newer);

        assertThat(disk.list(DIRECTORY)).hasSize(1);
        assertThat(partial.take(offer(ID, 100, 6))).isSameAs(newer);
    }

    @Test
    void afterAWhileItIsDeleted() throws IOException {
        partial.keep(offer(ID, 100, 5), begun());
        loops.runFor(PartialSnapshot.KEEP.minus(Duration.ofSeconds(1)));
        assertThat(disk.list(DIRECTORY)).hasSize(1);

        loops.runFor(Duration.ofSeconds(2));
        assertThat(disk.list(DIRECTORY)).isEmpty();
        assertThat(partial.take(offer(ID, 100, 5))).isNull();
    }

    @Test
    void whatHasGoneOnIsNotDeletedByTheClock() throws IOException {
        partial.keep(offer(ID, 100, 5), begun());
        SnapshotReceiver going = partial.take(offer(ID, 100, 5));
        loops.runFor(PartialSnapshot.KEEP.multipliedBy(2));

        assertThat(going).isNotNull();
        assertThat(disk.list(DIRECTORY)).hasSize(1);
    }

    private SnapshotReceiver begun() throws IOException {
        SnapshotReceiver receiver = store.receive(1, ID);
        receiver.write(ByteBuffer.allocate(10));
        return receiver;
    }

    private static SnapshotOffer offer(EntryId id, long totalBytes, long contentId) {
        return new SnapshotOffer(new Message.InstallSnapshot(2, 1, 5, new Snapshot(id,
                ConfState.ofVoters(List.of(1L, 2L)), Bytes.EMPTY)), totalBytes, contentId);
    }
}
