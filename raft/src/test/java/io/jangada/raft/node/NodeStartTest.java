// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.Peer;
import io.jangada.raft.RaftConfig;
import io.jangada.raft.RawNode;
import io.jangada.raft.Ready;
import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import io.jangada.raft.storage.SnapshotTemporarilyUnavailableException;
import io.jangada.raft.storage.Storage;
import io.jangada.raft.storage.UnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A synchronous Node's first Readys, of a new group and after a restart: K10, K11 and K18. */
final class NodeStartTest {
    private static final ConfState ONE = ConfState.ofVoters(List.of(1L));

    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
    private final ArrayDeque<Ready> readies = new ArrayDeque<>();

    private static RaftConfig.Builder config(Storage storage) {
        return RaftConfig.builder(1, storage, new Random(1)).preVote(false);
    }

    private Node start(RawNode raw) {
        var node = new Node(raw, loop::add, NodeLimits.DEFAULT, readies::add);
        node.start();
        return node;
    }

    private Ready next() {
        runLoop();
        assertThat(readies).hasSize(1);
        return readies.remove();
    }

    private void runLoop() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    private static void save(Node node, MemoryStorage storage, Ready ready) {
        if (!ready.hardState().isEmpty()) {
            storage.setHardState(ready.hardState());
        }
        storage.append(ready.entries());
        node.advance();
    }

    private static Entry entry(long term, long index, String data) {
        return new Entry(term, index, EntryType.NORMAL, Bytes.utf8(data));
    }

    private static void assertReady(Ready ready, HardState hardState, List<Entry> entries,
            List<Entry> committed, boolean mustSync) {
        assertThat(ready.hardState()).isEqualTo(hardState);
        assertThat(ready.entries()).isEqualTo(entries);
        assertThat(ready.committedEntries()).isEqualTo(committed);
        assertThat(ready.mustSync()).isEqualTo(mustSync);
    }

    @Test
    @DisplayName("K10 a new group begins with the addition of its peers")
    void k10Bootstrap() {
        var storage = new MemoryStorage();
        var raw = new RawNode(config(storage).build());
        raw.bootstrap(List.of(new Peer(1, Bytes.EMPTY)));
        Node node = start(raw);
        var added = List.of(new Entry(1, 1, EntryType.CONF_CHANGE,
                ConfChangeCodec.encode(new ConfChange.V1(0,
                        new ConfChangeSingle(ConfChangeType.ADD_NODE, 1), Bytes.EMPTY))));
        Ready first = next();
        assertReady(first, new HardState(1, 0, 1), added, added, true);
        save(node, storage, first);
        runLoop(); // Applied: while a change is not, nobody campaigns.

        node.step(new LocalEvent.Campaign());
        save(node, storage, next()); // The own vote.
        Ready empty = next();
        assertThat(empty.entries()).containsExactly(entry(2, 2, ""));
        node.propose(Bytes.utf8("foo"), ignored -> {});
        save(node, storage, empty);

        Ready proposed = next();
        assertReady(proposed, new HardState(2, 1, 2), List.of(entry(2, 3, "foo")),
                List.of(entry(2, 2, "")), true);
        save(node, storage, proposed);
        Ready committed = next();
        assertReady(committed, new HardState(2, 1, 3), List.of(), List.of(entry(2, 3, "foo")),
                false);
        save(node, storage, committed);
        runLoop();
        assertThat(readies).isEmpty();
    }

    private void assertAppliesAfterRestart(MemoryStorage storage, Entry committed) {
        Node node = start(new RawNode(config(storage).build()));
        Ready first = next();
        assertReady(first, HardState.EMPTY, List.of(), List.of(committed), false);
        save(node, storage, first);
        runLoop();
        assertThat(readies).isEmpty();
        assertThat(node.status().applied()).isEqualTo(committed.index());
    }

    @Test
    @DisplayName("K11 after a restart what is committed is applied")
    void k11Restart() {
        var storage = MemoryStorage.withConfState(ONE);
        storage.append(List.of(entry(1, 1, ""), entry(1, 2, "foo")));
        storage.setHardState(new HardState(1, 0, 1));
        assertAppliesAfterRestart(storage, entry(1, 1, ""));
    }

    @Test
    @DisplayName("K11 after a restart from a snapshot what follows it is applied")
    void k11RestartFromSnapshot() throws SnapshotOutOfDateException {
        var storage = new MemoryStorage();
        storage.applySnapshot(new Snapshot(new EntryId(1, 2), ONE, Bytes.EMPTY));
        storage.append(List.of(entry(1, 3, "foo")));
        storage.setHardState(new HardState(1, 0, 3));
        assertAppliesAfterRestart(storage, entry(1, 3, "foo"));
    }

    /** Gives more than it is asked for. */
    private record Generous(MemoryStorage storage) implements Storage {
        @Override
        public InitialState initialState() {
            return storage.initialState();
        }

        @Override
        public List<Entry> entries(long from, long to, long bytesMax) throws CompactedException {
            return storage.entries(from, to, Long.MAX_VALUE);
        }

        @Override
        public long term(long index) throws CompactedException, UnavailableException {
            return storage.term(index);
        }

        @Override
        public long lastIndex() {
            return storage.lastIndex();
        }

        @Override
        public long firstIndex() {
            return storage.firstIndex();
        }

        @Override
        public Snapshot snapshot() throws SnapshotTemporarilyUnavailableException {
            return storage.snapshot();
        }
    }

    @Test
    @DisplayName("K18 a storage that ignores limits does not make the commit index go down")
    void k18StorageIgnoresLimit() {
        var storage = MemoryStorage.withConfState(ONE);
        var entries = new ArrayList<Entry>();
        for (long index = 1; index <= 10; index++) {
            entries.add(entry(1, index, "a"));
        }
        long limit = Entry.encodedBytes(entries) - entries.getLast().encodedBytes() - 1;
        storage.append(entries);
        storage.append(List.of(entry(1, 11, "boom")));
        storage.setHardState(new HardState(1, 1, 10));
        Node node = start(new RawNode(
                config(new Generous(storage)).maxCommittedBytes(limit).build()));
        Ready first = next();
        assertThat(first.committedEntries()).isEqualTo(entries);
        assertThat(first.hardState()).satisfiesAnyOf(
                hardState -> assertThat(hardState.isEmpty()).isTrue(),
                hardState -> assertThat(hardState.commit()).isGreaterThanOrEqualTo(10));
        save(node, storage, first);
        runLoop();
        assertThat(readies).isEmpty();
        assertThat(node.status().applied()).isEqualTo(10);
        assertThat(node.status().hardState()).isEqualTo(new HardState(1, 1, 10));
    }
}
