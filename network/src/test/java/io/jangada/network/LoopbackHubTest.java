// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopbackHubTest {
    private static final Message.InstallSnapshot INSTALL = new Message.InstallSnapshot(1, 2, 1,
            new Snapshot(new EntryId(1, 1), ConfState.EMPTY, Bytes.EMPTY));

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final LoopbackHub hub = new LoopbackHub();
    private final Network one = hub.join(1, tasks::add);
    private final Network two = hub.join(2, tasks::add);
    private final RecordingListener first = new RecordingListener();
    private final RecordingListener second = new RecordingListener();

    @BeforeEach
    void start() throws ListenException {
        one.start(first);
        two.start(second);
        run();
    }

    @Test
    void deliversInOrderAsTasks() {
        Samples.messages().forEach(message -> one.send(7, message));
        assertThat(second.received).isEmpty();

        run();

        assertThat(second.received)
                .containsExactlyElementsOf(Samples.messages().stream().filter(m -> m.to() == 2)
                        .toList());
        assertThat(second.groups).containsOnly(7L);
    }

    @Test
    void membersMeetWhenTheyStartAndSendNotes() {
        run();
        assertThat(first.connected).containsExactly(2L);
        assertThat(second.connected).containsExactly(1L);

        second.onNote = reply -> reply.accept(Bytes.utf8("aye"));
        one.sendNote(2, Bytes.utf8("mind the rocks"));
        one.sendNote(9, Bytes.utf8("lost"));
        hub.cut(1, 2);
        one.sendNote(2, Bytes.utf8("lost"));
        run();
        assertThat(second.notes).containsExactly(Bytes.utf8("mind the rocks"));
        assertThat(first.notes).containsExactly(Bytes.utf8("aye"));
        assertThatThrownBy(() -> one.sendNote(2, Bytes.wrap(new byte[(64 << 10) + 1])))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("65537");
    }

    @Test
    void nothingIsSentBeforeMembersHaveMet() {
        hub.disconnect(1, 2);
        one.send(7, Samples.numbered(1, 2, 1));
        hub.connect(1, 2);
        one.send(7, Samples.numbered(1, 2, 2));
        first.onConnected = peer -> one.sendNote(peer, Bytes.utf8("it is me"));
        run();
        one.send(7, Samples.numbered(1, 2, 3));
        run();

        assertThat(second.notes).containsExactly(Bytes.utf8("it is me"));
        assertThat(second.received).containsExactly(Samples.numbered(1, 2, 3));
    }

    @Test
    void aCourierBringsTwiceOrNotAtAll() throws ListenException {
        var parcels = new ArrayList<Courier.Parcel>();
        var kept = new ArrayList<Runnable>();
        LoopbackHub slow = new LoopbackHub((parcel, deliver, lose) -> {
            parcels.add(parcel);
            kept.add(parcel.message().filter(Message.InstallSnapshot.class::isInstance).isPresent()
                    ? lose
                    : deliver);
        });
        Network from = slow.join(1, tasks::add);
        from.start(new RecordingListener());
        var listener = new RecordingListener();
        slow.join(2, tasks::add).start(listener);
        run();
        var delivered = new ArrayList<Boolean>();
        from.send(7, Samples.numbered(1, 2, 1));
        from.sendSnapshot(7, INSTALL, new MemorySource(10, Long.MAX_VALUE), delivered::add);
        assertThat(parcels).extracting(Courier.Parcel::to).containsExactly(2L, 2L);

        kept.forEach(Runnable::run);
        kept.getFirst().run();
        run();
        assertThat(listener.received).containsExactly(Samples.numbered(1, 2, 1),
                Samples.numbered(1, 2, 1));
        assertThat(delivered).containsExactly(false);
    }

    @Test
    void aCutLinkDropsInOneDirectionAndTellsOnce() {
        hub.cut(1, 2);
        one.send(7, Samples.numbered(1, 2, 1));
        one.send(7, Samples.numbered(1, 2, 2));
        two.send(7, Samples.numbered(2, 1, 3));
        run();

        assertThat(second.received).isEmpty();
        assertThat(first.unreachable).containsExactly(2L);
        assertThat(first.received).containsExactly(Samples.numbered(2, 1, 3));
        assertThat(one.stats().get(0).dropped().messages()).isEqualTo(2);

        hub.heal();
        one.send(7, Samples.numbered(1, 2, 4));
        run();
        assertThat(second.received).containsExactly(Samples.numbered(1, 2, 4));
    }

    @Test
    void anIsolatedOrClosedMemberIsUnreachable() {
        hub.isolate(2);
        one.send(7, Samples.numbered(1, 2, 1));
        two.send(7, Samples.numbered(2, 1, 1));
        hub.heal();
        two.close();
        one.send(8, Samples.numbered(1, 2, 1));
        run();

        assertThat(first.received).isEmpty();
        assertThat(first.unreachable).containsExactly(2L, 2L);
    }

    @Test
    void aRemovedPeerIsRefusedUntilAdded() {
        two.removePeer(1);
        one.send(7, Samples.numbered(1, 2, 1));
        run();
        assertThat(second.received).isEmpty();

        two.addPeer(new PeerAddress(1, List.of(new HostPort("one", 1))));
        one.send(7, Samples.numbered(1, 2, 2));
        run();
        assertThat(second.received).containsExactly(Samples.numbered(1, 2, 2));
    }

    @Test
    void aSnapshotArrivesWhole() {
        var source = new MemorySource(200_000, Long.MAX_VALUE);
        var delivered = new ArrayList<Boolean>();

        one.sendSnapshot(7, INSTALL, source, delivered::add);
        run();

        assertThat(delivered).containsExactly(true);
        assertThat(second.snapshots).containsExactly(source.bytes());
        assertThat(source.closed).isCompleted();
    }

    @Test
    void aSnapshotThatCannotArriveIsKnownNotTo() {
        var delivered = new ArrayList<Boolean>();
        var unreadable = new MemorySource(200_000, 100_000);
        one.sendSnapshot(7, INSTALL, unreadable, delivered::add);
        run();
        assertThat(delivered).containsExactly(false);
        assertThat(second.aborted).isCompleted();
        assertThat(unreadable.closed).isCompleted();

        hub.cut(1, 2);
        var cut = new MemorySource(10, Long.MAX_VALUE);
        one.sendSnapshot(7, INSTALL, cut, delivered::add);
        run();
        assertThat(delivered).containsExactly(false, false);
        assertThat(cut.closed).isCompleted();
    }

    @Test
    void anIdIsJoinedOnceAtATime() {
        assertThatThrownBy(() -> hub.join(1, tasks::add))
                .isInstanceOf(IllegalArgumentException.class);
        one.close();
        assertThat(hub.join(1, tasks::add)).isNotSameAs(one);
    }

    private void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
