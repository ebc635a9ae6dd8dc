// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a peer can send throws, whatever the role. */
final class HostileMessageTest {
    private final List<StepOutcome> outcomes = new ArrayList<>();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void randomMessagesNeverThrow(long seed) {
        var random = new Random(seed);
        var storage = MemoryStorage.withConfState(TestNode.voters(1, 2, 3));
        var core = new RawNode(TestNode.plain(1, storage).checkQuorum(true).preVote(true)
                .asyncStorageWrites(true).build());
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(20) == 0) {
                core.tick();
            }
            outcomes.add(core.step(message(random, core.basicStatus())));
            if (core.hasReady()) {
                save(core, storage);
            }
        }
        assertThat(outcomes).hasAtLeastOneElementOfType(StepOutcome.Malformed.class)
                .hasAtLeastOneElementOfType(StepOutcome.Accepted.class)
                .hasAtLeastOneElementOfType(StepOutcome.PeerNotFound.class);
        assertThat(core.basicStatus().hardState().term()).isGreaterThan(1);
    }

    private static void save(RawNode core, MemoryStorage storage) {
        Ready ready = core.ready();
        ready.storageAppend().ifPresent(append -> {
            if (!append.snapshot().isEmpty()) {
                try {
                    storage.applySnapshot(append.snapshot());
                } catch (Exception impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
            storage.append(append.entries());
            append.responses().stream().filter(response -> response.to() == 1)
                    .forEach(response -> core.step(new LocalEvent.Released(response)));
            append.done().ifPresent(core::step);
        });
        ready.storageApply().ifPresent(apply -> core.step(apply.done()));
    }

    private static Message message(Random random, BasicStatus status) {
        long from = random.nextInt(8) == 0 ? random.nextInt(6) : 2 + random.nextInt(2);
        long term = Math.max(-1, status.hardState().term() + random.nextInt(12) / 10
                - random.nextInt(10) / 9);
        long index = number(random, status);
        EntryId id = new EntryId(Math.max(-1, term - random.nextInt(3)), number(random, status));
        return switch (random.nextInt(15)) {
            case 0 -> new Message.Propose(from, 1, entries(random, 0, 0));
            case 1 -> new Message.AppendRequest(from, 1, term, id,
                    entries(random, id.index(), term), index);
            case 2 -> new Message.AppendResponse(from, 1, term, index);
            case 3 -> new Message.AppendReject(from, 1, term, index, id);
            case 4 -> new Message.VoteRequest(from, 1, term, id, random.nextBoolean());
            case 5 -> new Message.VoteResponse(from, 1, term, random.nextBoolean());
            case 6 -> new Message.PreVoteRequest(from, 1, term, id);
            case 7 -> new Message.PreVoteResponse(from, 1, term, random.nextBoolean());
            case 8 -> new Message.InstallSnapshot(from, 1, term, new Snapshot(id,
                    confState(random), Bytes.EMPTY));
            case 9 -> new Message.Heartbeat(from, 1, term, index, index);
            case 10 -> new Message.HeartbeatResponse(from, 1, term, index);
            case 11 -> new Message.ReadIndexRequest(from, 1, Bytes.EMPTY);
            case 12 -> new Message.ReadIndexResponse(from, 1, term, index, Bytes.EMPTY);
            case 13 -> new Message.TransferLeader(from, 1, term);
            default -> new Message.TimeoutNow(from, 1, term);
        };
    }

    private static long number(Random random, BasicStatus status) {
        return switch (random.nextInt(10)) {
            case 0 -> random.nextLong();
            case 1 -> Long.MAX_VALUE;
            default -> Math.max(0, status.last().index() + 2 - random.nextInt(6));
        };
    }

    private static List<Entry> entries(Random random, long after, long term) {
        var entries = new ArrayList<Entry>();
        EntryType[] types = EntryType.values();
        for (int i = random.nextInt(4); i > 0; i--) {
            long index = random.nextInt(9) == 0 ? random.nextLong() : after + entries.size() + 1;
            byte[] data = new byte[random.nextInt(4)];
            random.nextBytes(data);
            entries.add(new Entry(term, index, types[random.nextInt(types.length)],
                    Bytes.wrap(data)));
        }
        return entries;
    }

    private static ConfState confState(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> TestNode.voters(1, 2, 3);
            case 1 -> TestNode.voters(0, 1);
            case 2 -> new ConfState(List.of(1L), List.of(1L), List.of(2L), List.of(3L), true);
            default -> new ConfState(List.of(2L, 3L), List.of(1L), List.of(), List.of(), false);
        };
    }

    @Test
    void nobodyElseAcknowledgesOrVotesForThisMember() {
        var storage = MemoryStorage.withConfState(TestNode.voters(1, 2, 3));
        var core = new RawNode(TestNode.plain(1, storage).asyncStorageWrites(true).build());
        core.campaign();
        for (Message forged : List.of(new Message.VoteResponse(1, 1, 1, true),
                new Message.PreVoteResponse(1, 1, 1, true),
                new Message.AppendResponse(1, 1, 1, 1))) {
            assertThat(core.step(forged)).as("%s", forged)
                    .isInstanceOf(StepOutcome.Malformed.class);
        }
        assertThat(core.step(new Message.VoteResponse(2, 1, 1, true)))
                .isEqualTo(StepOutcome.ACCEPTED);
        assertThat(core.basicStatus().softState().role()).as("its own vote is not durable yet")
                .isEqualTo(RoleName.CANDIDATE);
        assertThat(core.step(new LocalEvent.Released(new Message.VoteResponse(1, 1, 1, true))))
                .isEqualTo(StepOutcome.ACCEPTED);
        assertThat(core.basicStatus().softState().role()).isEqualTo(RoleName.LEADER);
    }

    @Test
    void anEchoOfReadsThatWereNeverTakenConfirmsNone() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.messages();
        assertThat(leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, 5)))
                .isInstanceOf(StepOutcome.Malformed.class);
        leader.raft.role().readIndex(1, Bytes.utf8("read"));
        assertThat(leader.raft.readStates()).isEmpty();
    }

    @Test
    void aSecondLeaderOfTheTermIsNotHeard() {
        TestNode leader = TestNode.of(1, 1, 2, 3).leader();
        assertThat(leader.raft.step(new Message.Heartbeat(2, 1, 1, 0, 0)))
                .isInstanceOf(StepOutcome.Malformed.class);
        assertThat(leader.raft.roleName()).isEqualTo(RoleName.LEADER);
    }
}
