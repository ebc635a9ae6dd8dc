// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import io.jangada.raft.tracker.Progress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RawNode and its Readys in synchronous mode: group J, and K13. */
final class RawNodeTest {
    private static final Bytes CONTEXT = Bytes.utf8("context");

    private final MemoryStorage storage = MemoryStorage.withConfState(TestNode.voters(1));

    /** Saves, sends nothing, applies. */
    private Ready cycle(RawNode core) {
        Ready ready = core.ready();
        if (!ready.hardState().isEmpty()) {
            storage.setHardState(ready.hardState());
        }
        storage.append(ready.entries());
        core.advance();
        return ready;
    }

    private RawNode leader(RawNode core) {
        core.campaign();
        while (core.hasReady()) {
            cycle(core);
        }
        assertThat(core.leader()).isEqualTo(1);
        return core;
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

    static Stream<Message> messagesWithoutSender() {
        List<Entry> one = TestNode.entries(1, 1);
        var snapshot = new Snapshot(TestNode.id(1, 1), TestNode.voters(1), Bytes.EMPTY);
        return Stream.of(new Message.Propose(0, 1, one),
                new Message.AppendRequest(0, 1, 1, EntryId.ZERO, one, 1),
                new Message.AppendResponse(0, 1, 1, 1),
                new Message.AppendReject(0, 1, 1, 1, EntryId.ZERO),
                new Message.VoteRequest(0, 1, 1, EntryId.ZERO, false),
                new Message.VoteResponse(0, 1, 1, true),
                new Message.PreVoteRequest(0, 1, 1, EntryId.ZERO),
                new Message.PreVoteResponse(0, 1, 1, true),
                new Message.InstallSnapshot(0, 1, 1, snapshot),
                new Message.Heartbeat(0, 1, 1, 0, 0), new Message.HeartbeatResponse(0, 1, 1, 0),
                new Message.ReadIndexRequest(0, 1, CONTEXT),
                new Message.ReadIndexResponse(0, 1, 1, 1, CONTEXT),
                new Message.TransferLeader(0, 1, 1), new Message.TimeoutNow(0, 1, 1));
    }

    @ParameterizedTest
    @MethodSource("messagesWithoutSender")
    @DisplayName("J1 a message without sender is refused and changes nothing")
    void j1NoSender(Message message) {
        var core = new RawNode(TestNode.plain(1, storage).build());
        BasicStatus before = core.basicStatus();
        assertThat(core.step(message)).isInstanceOfAny(StepOutcome.Malformed.class,
                StepOutcome.PeerNotFound.class);
        assertThat(core.basicStatus()).isEqualTo(before);
        assertThat(core.hasReady()).isFalse();
    }

    @Test
    @DisplayName("J1 what is local is no message, so that it cannot be stepped as one")
    void j1LocalIsNoMessage() {
        assertThat(messagesWithoutSender().map(Message::getClass).distinct())
                .hasSameSizeAs(Message.class.getPermittedSubclasses());
        assertThat(LocalEvent.class.getPermittedSubclasses())
                .noneMatch(Message.class::isAssignableFrom).hasSize(9);
    }

    @Test
    @DisplayName("J6 read states come out once")
    void j6ReadStates() {
        RawNode core = leader(new RawNode(TestNode.plain(1, storage).build()));
        assertThat(core.readIndex(CONTEXT)).isEqualTo(new ReadOutcome.Accepted(1));
        assertThat(core.hasReady()).isTrue();
        assertThat(cycle(core).readStates()).containsExactly(new ReadState(1, CONTEXT));
        assertThat(core.raft().readStates()).isEmpty();
        assertThat(core.hasReady()).isFalse();
    }

    @Test
    @DisplayName("J6 a follower's read goes to the leader with its context")
    void j6ReadIsForwarded() {
        var core = new RawNode(TestNode.plain(2,
                MemoryStorage.withConfState(TestNode.voters(1, 2))).build());
        core.step(new Message.Heartbeat(1, 2, 1, 0, 0));
        core.readIndex(CONTEXT);
        assertThat(core.ready().messages()).contains(new Message.ReadIndexRequest(2, 1, CONTEXT));
    }

    @Test
    @DisplayName("J7 a new group's first Readys")
    void j7Start() throws SnapshotOutOfDateException {
        storage.applySnapshot(new Snapshot(TestNode.id(1, 0), TestNode.voters(1), Bytes.EMPTY));
        var core = new RawNode(TestNode.plain(1, storage).build());
        assertThat(core.hasReady()).isFalse();
        core.campaign();
        assertReady(cycle(core), new HardState(1, 1, 1), List.of(), List.of(), true);
        core.propose(List.of(Bytes.utf8("foo")));
        var entries = List.of(entry(1, 2, ""), entry(1, 3, "foo"));
        assertReady(cycle(core), HardState.EMPTY, entries, List.of(), true);
        assertReady(cycle(core), new HardState(1, 1, 3), List.of(), entries, false);
        assertThat(core.hasReady()).isFalse();
    }

    @Test
    @DisplayName("J8 after a restart what is committed is applied")
    void j8Restart() {
        storage.setHardState(new HardState(1, 0, 1));
        storage.append(List.of(entry(1, 1, ""), entry(1, 2, "foo")));
        var core = new RawNode(TestNode.plain(1, storage).build());
        assertReady(cycle(core), HardState.EMPTY, List.of(), List.of(entry(1, 1, "")), false);
        assertThat(core.hasReady()).isFalse();
    }

    @Test
    @DisplayName("J10 a leader's status tells progress, a follower's does not")
    void j10Status() {
        var core = new RawNode(TestNode.plain(1, storage).build());
        assertThat(core.status().progress()).isEmpty();
        Status status = leader(core).status();
        assertThat(status.basic().softState()).isEqualTo(new SoftState(1, RoleName.LEADER));
        assertThat(status.config().toConfState()).isEqualTo(TestNode.voters(1));
        Progress internal = core.raft().tracker().progress(1).orElseThrow();
        assertThat(status.progress()).containsOnlyKeys(1L);
        Progress told = status.progress().getOrDefault(1L, internal);
        assertThat(told).isNotSameAs(internal).usingRecursiveComparison().isEqualTo(internal);
    }

    @Test
    @DisplayName("J12 the uncommitted part of the log does not grow without bound")
    void j12BoundedGrowth() {
        RawNode core = leader(new RawNode(TestNode.plain(1, storage).maxUncommittedBytes(16 * 8)
                .build()));
        var leading = (Leader) core.raft().role();
        Bytes data = Bytes.utf8("testdata");
        for (int i = 0; i < 1024; i++) {
            ProposeOutcome outcome = core.propose(List.of(data));
            assertThat(outcome instanceof ProposeOutcome.Appended).isEqualTo(i < 16);
        }
        assertThat(leading.proposals().uncommittedBytes()).isEqualTo(16 * 8);
        assertThat(cycle(core).entries()).hasSize(16);
        assertThat(leading.proposals().uncommittedBytes()).isEqualTo(16 * 8);
        assertThat(cycle(core).committedEntries()).hasSize(16);
        assertThat(leading.proposals().uncommittedBytes()).isZero();
    }

    @Test
    @DisplayName("K13 states are equal if all their parts are")
    void k13StatesAreCompared() {
        var soft = new SoftState(1, RoleName.LEADER);
        assertThat(soft).isEqualTo(new SoftState(1, RoleName.LEADER))
                .isNotEqualTo(new SoftState(2, RoleName.LEADER))
                .isNotEqualTo(new SoftState(1, RoleName.FOLLOWER));
        var hard = new HardState(1, 2, 3);
        assertThat(hard).isEqualTo(new HardState(1, 2, 3)).isNotEqualTo(new HardState(0, 2, 3))
                .isNotEqualTo(new HardState(1, 0, 3)).isNotEqualTo(new HardState(1, 2, 0));
        assertThat(hard.isEmpty()).isFalse();
        assertThat(HardState.EMPTY).isEqualTo(new HardState(0, 0, 0));
        assertThat(new MemoryStorage().initialState().hardState().isEmpty()).isTrue();
    }
}
