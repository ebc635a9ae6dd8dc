// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A cluster at work, whose messages are lost, repeated, reordered and spoilt, and which hears invented
 * ones: whatever comes from the network, nothing is thrown, and no member takes anything back that it
 * has stood for. (That members agree cannot be asked when their messages are forged.)
 */
final class HostileClusterTest {
    private static final int STEPS = 30_000;

    private static final class Member {
        final long id;
        final MemoryStorage storage = MemoryStorage.withConfState(TestNode.voters(1, 2, 3));
        final ArrayDeque<StorageAppend> writes = new ArrayDeque<>();
        final RawNode core;
        ConfState confState = TestNode.voters(1, 2, 3);
        HardState before = HardState.EMPTY;
        long handedOut;

        Member(long id, long seed) {
            this.id = id;
            core = new RawNode(RaftConfig.builder(id, storage, new Random(seed + id))
                    .asyncStorageWrites(true).maxMessageBytes(100).maxUnstableBytes(400)
                    .maxCommittedBytes(200).pendingReadsMax(10).preVote(seed % 2 == 0)
                    .readOnly(seed % 3 == 0 ? ReadOnlyMode.LEASE : ReadOnlyMode.SAFE)
                    .leasePromiseNanos(10).build());
        }
    }

    private final List<Member> members = new ArrayList<>();
    private final ArrayList<Message> network = new ArrayList<>();
    private final Set<RoleName> rolesMet = EnumSet.noneOf(RoleName.class);
    private int malformed;
    private int committed;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nothingThrowsAndNothingIsTakenBack(long seed) {
        var random = new Random(seed);
        var mutator = new MessageMutator(random);
        for (long id = 1; id <= 3; id++) {
            members.add(new Member(id, seed));
        }
        for (int step = 0; step < STEPS; step++) {
            Member member = members.get(random.nextInt(3));
            rolesMet.add(member.core.basicStatus().softState().role());
            try {
                act(member, random, mutator, step);
                checkNothingTakenBack(member);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + " step " + step, failure);
            }
        }
        assertThat(rolesMet).as("seed %d", seed).contains(RoleName.FOLLOWER, RoleName.LEADER,
                RoleName.CANDIDATE);
        assertThat(malformed).as("seed %d", seed).isGreaterThan(100);
        assertThat(committed).as("seed %d", seed).isGreaterThan(10);
    }

    private void act(Member member, Random random, MessageMutator mutator, int step) {
        RawNode core = member.core;
        core.timeIs(step / 30);
        switch (random.nextInt(24)) {
            case 0, 1 -> core.tick();
            case 2 -> core.propose(List.of(Bytes.utf8("x".repeat(random.nextInt(40)))));
            case 3 -> core.readIndex(Bytes.utf8("read" + step));
            case 4 -> {
                if (random.nextInt(20) == 0) {
                    core.transferLeader(random.nextInt(4));
                }
            }
            case 5 -> {
                if (random.nextInt(20) == 0) {
                    var types = ConfChangeType.values();
                    core.proposeConfChange(TestNode.change(types[random.nextInt(types.length)],
                            random.nextInt(4)));
                }
            }
            case 6 -> core.reportUnreachable(random.nextInt(4));
            case 7 -> core.reportSnapshot(random.nextInt(4), random.nextBoolean());
            case 8 -> compact(member, random);
            case 9 -> {
                if (random.nextInt(20) == 0) {
                    hear(member, mutator.invented(member.id, nearby(member, random)));
                }
            }
            case 10, 11, 12, 13 -> write(member);
            case 14, 15, 16, 17 -> work(member);
            default -> deliver(random, mutator);
        }
    }

    private static long nearby(Member member, Random random) {
        BasicStatus status = member.core.basicStatus();
        return random.nextBoolean() ? status.last().index() : status.hardState().term();
    }

    private void deliver(Random random, MessageMutator mutator) {
        if (network.isEmpty()) {
            return;
        }
        int at = random.nextInt(Math.min(network.size(), 5));
        Message message = network.get(at);
        if (random.nextInt(20) != 0) {
            network.remove(at); // Else it comes again.
        }
        if (random.nextInt(30) == 0) {
            return;
        }
        Message heard = random.nextInt(40) == 0 ? mutator.spoilt(message) : message;
        int to = heard.to() >= 1 && heard.to() <= 3 ? (int) heard.to() : 1;
        hear(members.get(to - 1), heard);
    }

    private void hear(Member member, Message message) {
        if (member.core.step(message) instanceof StepOutcome.Malformed) {
            malformed++;
        }
        checkNothingTakenBack(member);
    }

    private void work(Member member) {
        if (!member.core.hasReady()) {
            return;
        }
        Ready ready = member.core.ready();
        network.addAll(ready.messages());
        ready.storageAppend().ifPresent(member.writes::add);
        ready.storageApply().ifPresent(apply -> {
            long first = apply.entries().getFirst().index();
            assertThat(first).as("handed out in order").isGreaterThan(member.handedOut);
            member.handedOut = apply.entries().getLast().index();
            committed += apply.entries().size();
            apply.entries().forEach(entry -> apply(member, entry));
            member.core.step(apply.done());
        });
    }

    private static void apply(Member member, Entry entry) {
        ConfChangeCodec.decode(entry.type(), entry.data()).ifPresent(change -> {
            try {
                member.confState = member.core.applyConfChange(change);
            } catch (IllegalArgumentException ignored) {
                // Forged; an application would reject it on every member.
                assertThat(entry.type()).isNotEqualTo(EntryType.NORMAL);
            }
        });
    }

    private void write(Member member) {
        if (member.writes.isEmpty()) {
            return;
        }
        StorageAppend append = member.writes.remove();
        if (!append.hardState().isEmpty()) {
            member.storage.setHardState(append.hardState());
        }
        if (!append.snapshot().isEmpty()) {
            try {
                member.storage.applySnapshot(append.snapshot());
            } catch (SnapshotOutOfDateException impossible) {
                throw new IllegalStateException(impossible);
            }
            member.confState = append.snapshot().confState();
        }
        member.storage.append(append.entries());
        for (Message response : append.responses()) {
            if (response.to() == member.id) {
                member.core.step(new LocalEvent.Released(response));
            } else {
                network.add(response);
            }
        }
        append.done().ifPresent(member.core::step);
    }

    private static void compact(Member member, Random random) {
        long applied = member.core.basicStatus().applied();
        long stable = member.storage.lastIndex();
        if (random.nextInt(20) != 0 || !member.writes.isEmpty() || applied > stable) {
            return;
        }
        try {
            member.storage.createSnapshot(applied, member.confState, Bytes.EMPTY);
            member.storage.compact(applied);
        } catch (SnapshotOutOfDateException | CompactedException ignored) {
            // Nothing new since the last time.
        }
    }

    private static void checkNothingTakenBack(Member member) {
        BasicStatus status = member.core.basicStatus();
        HardState before = member.before;
        HardState now = status.hardState();
        assertThat(now.term()).as("term").isGreaterThanOrEqualTo(before.term());
        assertThat(now.commit()).as("commit").isGreaterThanOrEqualTo(before.commit());
        if (now.term() == before.term() && before.vote() != 0) {
            assertThat(now.vote()).as("vote in one term").isEqualTo(before.vote());
        }
        assertThat(status.last().index()).as("last").isGreaterThanOrEqualTo(now.commit());
        assertThat(status.applied()).as("applied").isLessThanOrEqualTo(now.commit());
        assertThat(status.softState().role() == RoleName.LEADER)
                .as("who leads knows it").isEqualTo(status.softState().leader() == member.id);
        member.before = now;
    }
}
