// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.DropReason;
import io.jangada.raft.LocalEvent;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.RaftConfig;
import io.jangada.raft.RawNode;
import io.jangada.raft.ReadOnlyMode;
import io.jangada.raft.ReadOutcome;
import io.jangada.raft.Ready;
import io.jangada.raft.RoleName;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.StorageApply;
import io.jangada.raft.TransferEnd;
import io.jangada.raft.TransferOutcome;
import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Node over one core in asynchronous mode, with a loop that runs when the test says so. */
final class NodeTest {
    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
    private final List<Ready> readies = new ArrayList<>();
    private final List<ProposeOutcome> outcomes = new ArrayList<>();
    private final MemoryStorage storage = MemoryStorage
            .withConfState(ConfState.ofVoters(List.of(1L)));

    private final List<Entry> applied = new ArrayList<>();
    private final List<ConfState> confStates = new ArrayList<>();

    private Node node(NodeLimits limits, boolean async) {
        return node(limits, config(storage).asyncStorageWrites(async));
    }

    private Node node(NodeLimits limits, RaftConfig.Builder config) {
        return new Node(new RawNode(config.build()), loop::add, limits, readies::add);
    }

    private static RaftConfig.Builder config(MemoryStorage storage) {
        return RaftConfig.builder(1, storage, new Random(1));
    }

    /** Follows 2. */
    private Node follower(UnaryOperator<RaftConfig.Builder> options) {
        var members = MemoryStorage.withConfState(ConfState.ofVoters(List.of(1L, 2L)));
        Node node = node(NodeLimits.DEFAULT, options.apply(config(members)
                .asyncStorageWrites(true)));
        node.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        runLoop();
        assertThat(node.status().softState().leader()).isEqualTo(2);
        return node;
    }

    private List<Message> proposalsSent() {
        return readies.stream().flatMap(ready -> ready.messages().stream())
                .filter(message -> message instanceof Message.Propose).toList();
    }

    private void runLoop() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    /** Does what the Readys so far ask for, and runs the loop, until nothing is left. */
    private void settle(Node node) {
        runLoop();
        while (!readies.isEmpty()) {
            Ready ready = readies.removeFirst();
            ready.storageAppend().ifPresent(append -> save(node, append));
            ready.storageApply().ifPresent(apply -> apply(node, apply));
            runLoop();
        }
    }

    private void save(Node node, StorageAppend append) {
        storage.append(append.entries());
        for (Message response : append.responses()) {
            assertThat(response.to()).isEqualTo(1);
            node.step(new LocalEvent.Released(response));
        }
        append.done().ifPresent(node::step);
    }

    private void apply(Node node, StorageApply apply) {
        for (Entry entry : apply.entries()) {
            applied.add(entry);
            if (entry.type() != EntryType.NORMAL) {
                ConfChange change = ConfChangeCodec.decode(entry.type(), entry.data())
                        .orElseThrow();
                CompletableFuture<ConfState> confState = node.applyConfChange(change);
                runLoop();
                confStates.add(confState.join());
            }
        }
        node.step(apply.done());
    }

    private Node leader(NodeLimits limits) {
        return leader(limits, options -> options);
    }

    private Node leader(NodeLimits limits, UnaryOperator<RaftConfig.Builder> options) {
        Node node = node(limits, options.apply(config(storage).asyncStorageWrites(true)));
        node.step(new LocalEvent.Campaign());
        settle(node);
        assertThat(node.status().softState().role()).isEqualTo(RoleName.LEADER);
        return node;
    }

    @Test
    void waitingProposalsBecomeOneAppend() {
        Node node = leader(NodeLimits.DEFAULT);
        for (int i = 0; i < 100; i++) {
            node.propose(Bytes.utf8("p" + i), outcomes::add);
        }
        assertThat(loop).as("woken once").hasSize(1);
        runLoop();
        assertThat(readies).hasSize(1);
        List<Entry> entries = readies.getFirst().entries();
        assertThat(entries).extracting(entry -> entry.data().toUtf8()).hasSize(100)
                .startsWith("p0", "p1").endsWith("p99");
        assertThat(outcomes).hasSize(100)
                .startsWith(new ProposeOutcome.Appended(entries.getFirst().id()))
                .endsWith(new ProposeOutcome.Appended(new EntryId(1, 101)));
        settle(node);
        assertThat(node.status().applied()).isEqualTo(101);
    }

    @Test
    @DisplayName("K6 proposals wait until there is a leader, within their bounds")
    void proposalsWaitForALeaderWithinTheirBounds() {
        Node node = node(new NodeLimits(2, 1000, 10, 10, 10, 1000), true);
        for (int i = 0; i < 3; i++) {
            node.propose(Bytes.utf8("x"), outcomes::add);
            runLoop();
        }
        assertThat(outcomes).containsExactly(new ProposeOutcome.Dropped(DropReason.OVERLOADED, 0));
        node.step(new LocalEvent.Campaign());
        settle(node);
        assertThat(outcomes).hasSize(3).endsWith(
                new ProposeOutcome.Appended(new EntryId(1, 2)),
                new ProposeOutcome.Appended(new EntryId(1, 3)));
        node.propose(Bytes.utf8("y"), outcomes::add);
        settle(node);
        assertThat(outcomes).last().isInstanceOf(ProposeOutcome.Appended.class);
    }

    @Test
    void proposalBytesAreBounded() {
        Node node = node(new NodeLimits(100, 10, 10, 10, 10, 1000), true);
        node.propose(Bytes.utf8("a first proposal of any size"), outcomes::add);
        node.propose(Bytes.utf8("x"), outcomes::add);
        assertThat(outcomes).containsExactly(new ProposeOutcome.Dropped(DropReason.OVERLOADED, 0));
    }

    @Test
    void batchesAreBounded() {
        Node node = leader(new NodeLimits(100, 1000, 10, 10, 3, 4));
        for (int i = 0; i < 4; i++) {
            node.propose(Bytes.utf8("x"), outcomes::add);
        }
        node.propose(Bytes.utf8("12345"), outcomes::add);
        settle(node);
        assertThat(outcomes).hasSize(5)
                .endsWith(new ProposeOutcome.Appended(new EntryId(1, 6)));
    }

    @Test
    void surplusMessagesAndTicksAreDroppedAndCounted() {
        Node node = node(new NodeLimits(10, 1000, 2, 3, 10, 1000), true);
        var heartbeat = new Message.Heartbeat(2, 1, 1, 0, 0);
        assertThat(node.step(heartbeat)).isTrue();
        assertThat(node.step(heartbeat)).isTrue();
        assertThat(node.step(heartbeat)).isFalse();
        for (int i = 0; i < 5; i++) {
            node.tick();
        }
        assertThat(node.droppedMessages()).isEqualTo(1);
        assertThat(node.droppedTicks()).isEqualTo(2);
        runLoop();
        assertThat(node.step(heartbeat)).isTrue();
    }

    @Test
    @DisplayName("K1 K9 stop answers everything that waits")
    void stopAnswersEverythingThatWaits() {
        Node node = node(NodeLimits.DEFAULT, true);
        var reads = new ArrayList<ReadOutcome>();
        node.propose(Bytes.utf8("held"), outcomes::add);
        runLoop();
        node.propose(Bytes.utf8("queued"), outcomes::add);
        node.readIndex(Bytes.utf8("r"), reads::add);
        var full = node.fullStatus();
        node.stop();
        runLoop();
        node.propose(Bytes.utf8("late"), outcomes::add);
        assertThat(outcomes).hasSize(3)
                .containsOnly(new ProposeOutcome.Dropped(DropReason.STOPPED, 0));
        assertThat(reads).containsExactly(new ReadOutcome.Dropped(DropReason.STOPPED, 0));
        assertThat(full).isCompletedExceptionally();
        assertThat(node.step(new Message.Heartbeat(2, 1, 1, 0, 0))).isFalse();
    }

    @Test
    @DisplayName("K12 in synchronous mode the next Ready comes after advance")
    void synchronousModeHandsOutTheNextReadyAfterAdvance() {
        Node node = node(NodeLimits.DEFAULT, false);
        node.step(new LocalEvent.Campaign());
        runLoop();
        assertThat(readies).hasSize(1);
        node.propose(Bytes.utf8("x"), outcomes::add);
        runLoop();
        assertThat(readies).as("not advanced yet").hasSize(1);
        storage.setHardState(readies.getFirst().hardState());
        node.advance();
        runLoop();
        assertThat(readies).hasSize(2);
    }

    @Test
    void aReadAtTheOnlyVoterIsAnswered() {
        Node node = leader(NodeLimits.DEFAULT);
        var reads = new ArrayList<ReadOutcome>();
        node.readIndex(Bytes.utf8("r"), reads::add);
        runLoop();
        assertThat(reads).containsExactly(new ReadOutcome.Accepted(1));
        assertThat(readies.getFirst().readStates()).singleElement()
                .satisfies(state -> assertThat(state.index()).isEqualTo(1));
    }

    @Test
    @DisplayName("K1 proposals and messages do not take each other's room")
    void k1QueuesAreApart() {
        Node node = node(new NodeLimits(1, 1000, 1, 3, 10, 1000), true);
        var heartbeat = new Message.Heartbeat(2, 1, 1, 0, 0);
        assertThat(node.step(heartbeat)).isTrue();
        assertThat(node.step(heartbeat)).isFalse();
        node.propose(Bytes.utf8("waits"), outcomes::add);
        assertThat(outcomes).isEmpty();
        node.propose(Bytes.utf8("x"), outcomes::add);
        assertThat(outcomes).containsExactly(new ProposeOutcome.Dropped(DropReason.OVERLOADED, 0));
        runLoop();
        assertThat(node.step(heartbeat)).isTrue();
    }

    @Test
    @DisplayName("K1 a proposal that is withdrawn while it waits is forgotten")
    void k1WithdrawnProposals() {
        var wanted = new AtomicBoolean(true);
        Node node = node(NodeLimits.DEFAULT, true);
        node.propose(new Proposal(Bytes.utf8("withdrawn")) {
            @Override
            protected boolean isWanted() {
                return wanted.get();
            }

            @Override
            protected void proposed(ProposeOutcome outcome) {
                outcomes.add(outcome);
            }
        });
        node.propose(Bytes.utf8("kept"), outcomes::add);
        runLoop();
        wanted.set(false);
        node.step(new LocalEvent.Campaign());
        settle(node);
        assertThat(outcomes).containsExactly(new ProposeOutcome.Appended(new EntryId(1, 2)));
        assertThat(applied).extracting(entry -> entry.data().toUtf8()).containsExactly("", "kept");
    }

    @Test
    @DisplayName("K2 K3 a follower forwards a proposal as it is, once")
    void k2ProposalIsForwarded() {
        Node node = follower(options -> options);
        node.propose(Bytes.utf8("somedata"), outcomes::add);
        runLoop();
        assertThat(proposalsSent()).containsExactly(new Message.Propose(1, 2,
                List.of(Entry.proposed(EntryType.NORMAL, Bytes.utf8("somedata")))));
        assertThat(outcomes).containsExactly(new ProposeOutcome.Forwarded(2));
    }

    @ParameterizedTest(name = "old kind {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("K2 a change reaches the core as it is, once")
    void k2ChangeIsForwarded(boolean oldKind) {
        var step = new ConfChangeSingle(ConfChangeType.ADD_NODE, 3);
        ConfChange change = oldKind
                ? new ConfChange.V1(0, step, Bytes.EMPTY)
                : new ConfChange.V2(ConfChangeTransition.AUTO, List.of(step), Bytes.EMPTY);
        Node node = follower(options -> options);
        node.proposeConfChange(change, outcomes::add);
        runLoop();
        assertThat(proposalsSent()).containsExactly(new Message.Propose(1, 2, List.of(
                Entry.proposed(change.entryType(), ConfChangeCodec.encode(change)))));
    }

    @Test
    @DisplayName("K3 with forwarding disabled a follower sends no proposal")
    void k3ForwardingDisabled() {
        Node node = follower(options -> options.forwardProposals(false));
        node.propose(Bytes.utf8("x"), outcomes::add);
        runLoop();
        assertThat(proposalsSent()).isEmpty();
        assertThat(outcomes).containsExactly(
                new ProposeOutcome.Dropped(DropReason.FORWARDING_DISABLED, 2));
    }

    private static ConfChange add(ConfChangeType type, long member) {
        return new ConfChange.V1(0, new ConfChangeSingle(type, member), Bytes.EMPTY);
    }

    @Test
    @DisplayName("K5 adding a member twice does no harm")
    void k5DuplicateAdd() {
        Node node = leader(NodeLimits.DEFAULT);
        ConfChange one = add(ConfChangeType.ADD_NODE, 1);
        ConfChange two = add(ConfChangeType.ADD_NODE, 2);
        for (ConfChange change : List.of(one, one, two)) {
            node.proposeConfChange(change, outcomes::add);
            settle(node);
        }
        assertThat(outcomes).hasSize(3).hasOnlyElementsOfType(ProposeOutcome.Appended.class);
        assertThat(applied).extracting(Entry::data).containsExactly(Bytes.EMPTY,
                ConfChangeCodec.encode(one), ConfChangeCodec.encode(one),
                ConfChangeCodec.encode(two));
        assertThat(confStates).last().isEqualTo(ConfState.ofVoters(List.of(1L, 2L)));
    }

    @Test
    @DisplayName("K7 who proposes hears that the core dropped it")
    void k7DroppedByTheCore() {
        Node node = leader(NodeLimits.DEFAULT, options -> options.maxUncommittedBytes(8));
        for (int i = 0; i < 2; i++) {
            node.propose(Bytes.utf8("testdata"), outcomes::add);
            runLoop();
        }
        assertThat(outcomes).containsExactly(new ProposeOutcome.Appended(new EntryId(1, 2)),
                new ProposeOutcome.Dropped(DropReason.UNCOMMITTED_LIMIT, 1));
    }

    @Test
    @DisplayName("K8 one tick is one step of the timeout")
    void k8TickCountsOnce() {
        var raw = new RawNode(config(storage).preVote(false).build());
        raw.setRandomizedElectionTimeoutTicks(3);
        var node = new Node(raw, loop::add, NodeLimits.DEFAULT, readies::add);
        for (int tick = 1; tick <= 3; tick++) {
            assertThat(node.status().softState().role()).isEqualTo(RoleName.FOLLOWER);
            node.tick();
            runLoop();
        }
        assertThat(node.status().softState().role()).isEqualTo(RoleName.CANDIDATE);
    }

    @Test
    @DisplayName("K9 stop is idempotent, and nothing is known or done afterwards")
    void k9StopIsIdempotent() {
        Node node = leader(NodeLimits.DEFAULT);
        node.propose(Bytes.utf8("x"), outcomes::add);
        node.stop();
        node.stop();
        runLoop();
        node.stop();
        runLoop();
        assertThat(outcomes).containsExactly(new ProposeOutcome.Dropped(DropReason.STOPPED, 1));
        node.tick();
        node.step(new LocalEvent.Campaign());
        assertThat(loop).isEmpty();
        assertThat(readies).isEmpty();
        assertThat(node.fullStatus()).isCompletedExceptionally();
    }

    @Test
    @DisplayName("K14 applying a change tells the membership")
    void k14AddLearner() {
        Node node = leader(NodeLimits.DEFAULT);
        node.proposeConfChange(add(ConfChangeType.ADD_LEARNER_NODE, 2), outcomes::add);
        settle(node);
        assertThat(confStates).containsExactly(
                new ConfState(List.of(1L), List.of(2L), List.of(), List.of(), false));
    }

    @Test
    void everyPartOfTheInterfaceReachesTheCore() {
        Node node = follower(options -> options.preVote(false));
        node.forgetLeader();
        runLoop();
        assertThat(node.status().softState().leader()).isZero();
        node.campaign();
        runLoop();
        assertThat(node.status().softState().role()).isEqualTo(RoleName.CANDIDATE);
        node.step(new Message.VoteResponse(2, 1, 2, true));
        node.step(new LocalEvent.Released(new Message.VoteResponse(1, 1, 2, true)));
        runLoop();
        assertThat(node.status().softState().role()).isEqualTo(RoleName.LEADER);
        node.step(new Message.AppendResponse(2, 1, 2, 1));
        runLoop();
        assertThat(progressOfTwo(node)).startsWith("StateReplicate");
        node.reportUnreachable(2);
        assertThat(progressOfTwo(node)).startsWith("StateProbe");
        node.reportSnapshot(2, true);
        assertThat(progressOfTwo(node)).as("none is on its way").startsWith("StateProbe");
    }

    private String progressOfTwo(Node node) {
        var full = node.fullStatus();
        runLoop();
        return String.valueOf(full.join().progress().get(2L));
    }

    @Test
    void aTransferTellsHowItBeganAndHowItEnded() {
        Node node = follower(options -> options);
        var begun = new ArrayList<TransferOutcome>();
        var ended = new ArrayList<TransferEnd>();
        node.transferLeader(1, begun::add, ended::add);
        node.transferLeader(1, begun::add, ended::add);
        runLoop();
        assertThat(begun).containsExactly(new TransferOutcome.Accepted(2),
                new TransferOutcome.Accepted(2));
        assertThat(ended).isEmpty();
        node.step(new Message.Heartbeat(3, 1, 2, 0, 0));
        runLoop();
        var other = new TransferEnd(1, TransferEnd.Result.OTHER_LEADER, 3);
        assertThat(ended).containsExactly(other, other);
        node.transferLeader(1, begun::add, ended::add);
        runLoop();
        node.stop();
        runLoop();
        assertThat(ended).last()
                .isEqualTo(new TransferEnd(1, TransferEnd.Result.STOPPED, 3));
        node.transferLeader(1, begun::add, ended::add);
        assertThat(begun).last()
                .isEqualTo(new TransferOutcome.Dropped(DropReason.STOPPED, 3));
        assertThat(ended).hasSize(3);
    }

    @Test
    void requestsAreBoundedAndWhatMustRunIsNot() {
        Node node = node(new NodeLimits(10, 1000, 1, 3, 10, 1000), true);
        var reads = new ArrayList<ReadOutcome>();
        node.readIndex(Bytes.utf8("a"), reads::add);
        node.readIndex(Bytes.utf8("b"), reads::add);
        assertThat(reads)
                .containsExactly(new ReadOutcome.Dropped(DropReason.OVERLOADED, 0));
        var full = node.fullStatus();
        node.step(new LocalEvent.Released(new Message.VoteResponse(1, 1, 1, true)));
        runLoop();
        assertThat(full).isCompleted();
        assertThat(reads).hasSize(2).last()
                .isEqualTo(new ReadOutcome.Dropped(DropReason.NO_LEADER, 0));
    }

    private static RaftConfig.Builder leases(RaftConfig.Builder options) {
        return options.readOnly(ReadOnlyMode.LEASE).leasePromiseNanos(1_000)
                .asyncStorageWrites(true);
    }

    @Test
    void leasesNeedAClock() {
        var raw = new RawNode(leases(config(storage)).build());
        assertThatThrownBy(
                () -> new Node(raw, loop::add, NodeLimits.DEFAULT, readies::add))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no clock");
    }

    @Test
    void theTimeIsReadAfterWhatWaitsHasArrivedAndBeforeItIsStepped() {
        var now = new AtomicLong();
        var raw = new RawNode(leases(config(storage)).build());
        var node = new Node(raw, loop::add, NodeLimits.DEFAULT, now::get, readies::add);
        node.start();
        runLoop();
        now.set(999);
        node.campaign();
        runLoop();
        assertThat(node.status().softState().role()).as("may have promised before it started")
                .isEqualTo(RoleName.FOLLOWER);
        node.campaign();
        now.set(1_000); // The campaign waits already.
        settle(node);
        assertThat(node.status().softState().role()).isEqualTo(RoleName.LEADER);
    }

    @Test
    void refusalsSayWhetherToRetry() {
        assertThat(DropReason.values()).filteredOn(DropReason::mayRetry).containsExactly(
                DropReason.NO_LEADER, DropReason.TRANSFER_IN_PROGRESS,
                DropReason.UNCOMMITTED_LIMIT, DropReason.OVERLOADED, DropReason.LEADER_CHANGED,
                DropReason.NO_ANSWER, DropReason.LAGGING, DropReason.DISK_FULL);
    }
}
