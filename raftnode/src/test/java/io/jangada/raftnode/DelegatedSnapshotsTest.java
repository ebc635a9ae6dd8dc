// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.Courier;
import io.jangada.network.SnapshotOffer;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.wal.disk.MemoryDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member is added, for which the leader has no snapshot; other members may make it, and send it. */
class DelegatedSnapshotsTest {
    private static final int LINES = 30;

    private final List<Long> senders = new ArrayList<>();
    private Cluster cluster;
    private long leader;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.of(3, builder -> builder.snapshotCount(10).catchUpEntries(0)
                .snapshotSender(SnapshotSender.ANY_MEMBER));
        leader = cluster.awaitLeader();
        for (int i = 0; i < LINES; i++) {
            cluster.propose(leader, "line " + i);
        }
        loses(parcel -> false);
    }

    /** Loses what {@code lost} says, and writes down who sends snapshots. */
    private void loses(Predicate<Courier.Parcel> lost) {
        cluster.loses = parcel -> {
            if (isSnapshot(parcel)) {
                senders.add(parcel.from());
            }
            return lost.test(parcel);
        };
    }

    private static boolean isSnapshot(Courier.Parcel parcel) {
        return parcel.message().filter(Message.InstallSnapshot.class::isInstance).isPresent();
    }

    private void addFourth() throws Exception {
        cluster.start(4, GroupStart.JOIN);
        cluster.result(cluster.node(leader).changeMembership(new ConfChange.V1(0,
                new ConfChangeSingle(ConfChangeType.ADD_LEARNER_NODE, 4), Bytes.EMPTY)));
        cluster.await(() -> cluster.journal(4).lines().size() == LINES, "the lines");
    }

    private Set<Long> others() {
        Set<Long> others = new TreeSet<>(Set.of(1L, 2L, 3L));
        others.remove(leader);
        return others;
    }

    @Test
    void anotherMemberSendsTheSnapshot() throws Exception {
        addFourth();
        assertThat(senders).hasSize(1).doesNotContain(leader);
        cluster.propose(leader, "one more");
        cluster.await(() -> cluster.journal(4).lines().size() == LINES + 1, "one more line");
        assertThat(cluster.journal(4).lines()).isEqualTo(cluster.journal(leader).lines());
        assertThat(cluster.leader()).isEqualTo(leader);
    }

    /** It had arrived, and was told to have; that is not the answer to the next attempt. */
    @Test
    void whatHasArrivedAndIsLostIsSentAgain() throws Exception {
        addFourth();
        cluster.crash(4);
        cluster.disks.put(4L, new MemoryDisk());
        cluster.start(4, GroupStart.JOIN);
        cluster.await(() -> cluster.journal(4).lines().size() == LINES, "the lines");
        assertThat(senders).hasSize(2).doesNotContain(leader);
    }

    @Test
    void eachIsTriedAndTheLeaderAtLast() throws Exception {
        loses(parcel -> isSnapshot(parcel) && parcel.from() != leader);
        addFourth();
        assertThat(senders.getLast()).isEqualTo(leader);
        assertThat(senders.subList(0, senders.size() - 1)).hasSameElementsAs(others());
    }

    @Test
    void whoDoesNotAnswerIsNotWaitedForWithoutEnd() throws Exception {
        Set<Long> deaf = others();
        loses(parcel -> parcel.message().isEmpty() && deaf.contains(parcel.to()));
        addFourth();
        assertThat(senders).containsExactly(leader);
    }

    /** What is asked for is asked again, and done once. */
    @Test
    void notesMayBeLost() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        loses(parcel -> parcel.message().isEmpty() && parcel.from() != 4 && parcel.to() != 4
                && random.nextBoolean());
        addFourth();
        assertThat(senders).hasSize(1).doesNotContain(leader);
    }

    @Test
    void aMemberThatDiesMeanwhileIsNotWaitedFor() throws Exception {
        long first = others().iterator().next();
        loses(parcel -> isSnapshot(parcel) && parcel.from() == first);
        cluster.start(4, GroupStart.JOIN);
        cluster.result(cluster.node(leader).changeMembership(new ConfChange.V1(0,
                new ConfChangeSingle(ConfChangeType.ADD_LEARNER_NODE, 4), Bytes.EMPTY)));
        cluster.await(() -> senders.contains(first), "a first attempt");
        cluster.crash(first);
        cluster.await(() -> cluster.journal(4).lines().size() == LINES, "the lines");
        assertThat(senders).contains(first).last().isNotEqualTo(first);
    }

    @Test
    void aLeaderSendsItsOwnWhereNothingElseIsConfigured() throws Exception {
        cluster.running.keySet().stream().toList().forEach(cluster::stop);
        cluster = Cluster.of(3, builder -> builder.snapshotCount(10).catchUpEntries(0));
        leader = cluster.awaitLeader();
        for (int i = 0; i < LINES; i++) {
            cluster.propose(leader, "line " + i);
        }
        loses(parcel -> false);
        addFourth();
        assertThat(senders).containsOnly(leader);
    }

    /** A stranger may not: it is no member of the group. */
    @Test
    void onlyMembersSendInTheNameOfTheLeader() throws Exception {
        addFourth();
        cluster.loops.runFor(Duration.ofSeconds(1));
        var header = new Message.InstallSnapshot(leader, 4, 99,
                new Snapshot(new EntryId(9, 900),
                        cluster.node(leader).status().confState(), Bytes.EMPTY));
        var offer = new SnapshotOffer(header, 1, 1);
        assertThat(cluster.node(4).openSnapshot(77, offer)).isEmpty();
        assertThat(cluster.node(4).openSnapshot(others().iterator().next(), offer)).isPresent();
    }
}
