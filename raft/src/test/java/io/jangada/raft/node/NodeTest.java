// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.DropReason;
import io.jangada.raft.LocalEvent;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.RaftConfig;
import io.jangada.raft.RawNode;
import io.jangada.raft.ReadOutcome;
import io.jangada.raft.Ready;
import io.jangada.raft.RoleName;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Node over one core in asynchronous mode, with a loop that runs when the test says so. */
final class NodeTest {
    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
    private final List<Ready> readies = new ArrayList<>();
    private final List<ProposeOutcome> outcomes = new ArrayList<>();
    private final MemoryStorage storage = MemoryStorage
            .withConfState(ConfState.ofVoters(List.of(1L)));

    private Node node(NodeLimits limits, boolean async) {
        var config = RaftConfig.builder(1, storage, new Random(1)).asyncStorageWrites(async)
                .build();
        return new Node(new RawNode(config), loop::add, limits, readies::add);
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
            ready.storageApply().ifPresent(apply -> node.step(apply.done()));
            runLoop();
        }
    }

    private void save(Node node, StorageAppend append) {
        storage.append(append.entries());
        for (Message response : append.responses()) {
            assertThat(response.to()).isEqualTo(1);
            node.step(response);
        }
        append.done().ifPresent(node::step);
    }

    private Node leader(NodeLimits limits) {
        Node node = node(limits, true);
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
    void messagesOfThisMembersOwnStorageAreNeverDropped() {
        Node node = node(new NodeLimits(10, 1000, 1, 3, 10, 1000), true);
        assertThat(node.step(new Message.Heartbeat(2, 1, 1, 0, 0))).isTrue();
        assertThat(node.step(new Message.VoteResponse(1, 1, 1, true))).isTrue();
        assertThat(node.droppedMessages()).isZero();
    }

    @Test
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
}
