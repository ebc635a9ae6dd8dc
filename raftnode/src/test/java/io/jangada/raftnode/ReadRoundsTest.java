// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.RaftConfig;
import io.jangada.raft.RawNode;
import io.jangada.raft.ReadState;
import io.jangada.raft.Ready;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Message;
import io.jangada.raft.node.Node;
import io.jangada.raft.node.NodeLimits;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rounds of reads at a follower: what it asks its leader, and which answers it takes. */
class ReadRoundsTest {
    private static final long RETRY_TICKS = 3;

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Bytes> asked = new ArrayList<>();
    private final List<Long> confirmed = new ArrayList<>();
    private final Node node = new Node(new RawNode(RaftConfig
            .builder(1, MemoryStorage.withConfState(ConfState.ofVoters(List.of(1L, 2L, 3L))),
                    new Random(1))
            .asyncStorageWrites(true).build()), tasks::add, NodeLimits.DEFAULT, this::take);
    private final ReadRounds rounds = new ReadRounds(node, tasks::add,
            (index, ignored) -> confirmed.add(index), 77, 10, RETRY_TICKS);

    private void take(Ready ready) {
        for (Message message : ready.messages()) {
            if (message instanceof Message.ReadIndexRequest read) {
                asked.add(read.context());
            }
        }
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @BeforeEach
    void follow() {
        node.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        run();
    }

    /** The context of the next question for a read. */
    private Bytes ask() {
        rounds.read(new CompletableFuture<>(), 100, 2);
        run();
        return asked.getLast();
    }

    @Test
    void anAnswerToAnEarlierRoundIsNotTakenForALaterOne() {
        Bytes first = ask();
        rounds.tick(RETRY_TICKS, 2);
        run();
        Bytes again = asked.getLast();
        assertThat(again).isNotEqualTo(first);
        rounds.confirmed(new ReadState(5, first));
        assertThat(confirmed).containsExactly(5L);

        Bytes second = ask();
        assertThat(second).isNotEqualTo(first).isNotEqualTo(again);
        rounds.confirmed(new ReadState(5, again));
        rounds.confirmed(new ReadState(5, first));
        assertThat(confirmed).as("what was confirmed before the second read came")
                .containsExactly(5L);
        rounds.confirmed(new ReadState(9, second));
        assertThat(confirmed).containsExactly(5L, 9L);
    }

    @Test
    void anAnswerToAnEarlierLifeIsNotTaken() {
        Bytes mine = ask();
        byte[] other = mine.toByteArray();
        other[0] ^= 1;
        rounds.confirmed(new ReadState(5, Bytes.copyOf(other)));
        assertThat(confirmed).isEmpty();
        rounds.confirmed(new ReadState(5, mine));
        assertThat(confirmed).containsExactly(5L);
    }
}
