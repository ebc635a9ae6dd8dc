// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.ConfState;
import io.jangada.wal.disk.MemoryDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Members that have lost something of what they promised come back by themselves, and do no harm before. */
class RejoinTest {
    private static final Path SEGMENT = Path.of("/member/wal/0000000000000001.wal");
    private static final Duration WHILE = Duration.ofSeconds(20);

    private static Cluster cluster() throws IOException {
        Cluster cluster = Cluster.of(3);
        cluster.awaitLeader();
        propose(cluster, "first", 20);
        return cluster;
    }

    private static void propose(Cluster cluster, String name, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(cluster.propose(cluster.awaitLeader(), name + " " + i))
                    .isInstanceOf(ProposalResult.Applied.class);
        }
    }

    private static void startOn(Cluster cluster, long id, MemoryDisk disk) throws IOException {
        cluster.disks.put(id, disk);
        cluster.start(id, GroupStart.NEW);
    }

    private static long follower(Cluster cluster) {
        long leader = cluster.awaitLeader();
        return cluster.running.keySet().stream().filter(id -> id != leader).findFirst()
                .orElseThrow();
    }

    /** It is found out, which makes it a learner, and becomes a voter again that has everything. */
    private static void awaitRejoin(Cluster cluster, long id) {
        cluster.await(() -> cluster.node(id).status().confState().learners().contains(id),
                "member " + id + " is a learner");
        cluster.await(() -> cluster.node(id).promises().suffrage().votes(),
                "member " + id + " votes again");
        assertThat(cluster.node(id).status().confState()).isEqualTo(ConfState
                .ofVoters(cluster.running.keySet().stream().sorted().toList()));
        awaitEqual(cluster);
    }

    private static void awaitEqual(Cluster cluster) {
        cluster.await(() -> cluster.running.values().stream()
                .map(one -> one.journal().lines()).distinct().count() == 1, "equal journals");
    }

    /** Whether the cluster gets on with {@code id} and one other member only. */
    private static void canElectWith(Cluster cluster, long id) {
        long other = cluster.running.keySet().stream().filter(one -> one != id).findFirst()
                .orElseThrow();
        List<Long> rest = cluster.running.keySet().stream()
                .filter(one -> one != id && one != other).toList();
        rest.forEach(cluster::crash);
        propose(cluster, "last", 1);
    }

    @Test
    void aStartedMemberVotesOnceAMajorityHasTold() throws IOException {
        Cluster cluster = new Cluster(3, builder -> builder);
        cluster.start(1, GroupStart.NEW);
        cluster.loops.runFor(WHILE);
        assertThat(cluster.node(1).promises().suffrage().votes()).isFalse();
        cluster.start(2, GroupStart.NEW);
        cluster.awaitLeader();
    }

    @Test
    void aWipedMemberIsFoundOutAndBecomesAVoterAgain() throws IOException {
        Cluster cluster = cluster();
        long wiped = follower(cluster);
        cluster.crash(wiped);
        propose(cluster, "second", 5);
        startOn(cluster, wiped, new MemoryDisk());

        awaitRejoin(cluster, wiped);
        canElectWith(cluster, wiped);
    }

    @Test
    void aWipedLeaderIsFoundOutToo() throws IOException {
        Cluster cluster = cluster();
        long wiped = cluster.awaitLeader();
        cluster.crash(wiped);
        startOn(cluster, wiped, new MemoryDisk());

        awaitRejoin(cluster, wiped);
        canElectWith(cluster, wiped);
    }

    /** Found by the simulator's seed 811610. */
    @Test
    void aMemberThatWasDownWhileTheLeaderWasAddedCatchesUp() throws IOException {
        Cluster cluster = cluster();
        cluster.crash(1);
        cluster.start(4, GroupStart.JOIN);
        assertThat(cluster.result(cluster.node(cluster.awaitLeader()).membership()
                .addVoter(new Member(4, List.of()), WHILE))).isInstanceOf(ChangeResult.Done.class);
        assertThat(cluster.result(cluster.node(cluster.awaitLeader()).transferLeadership(4)))
                .isInstanceOf(TransferResult.Transferred.class);
        cluster.loses = parcel -> parcel.from() == 1 && parcel.to() == 4; // As it begins.
        cluster.start(1, GroupStart.NEW);
        cluster.loops.runFor(Duration.ofMillis(50));
        cluster.loses = parcel -> false;

        awaitEqual(cluster);
    }

    /** Found by the simulator's seed 710378. */
    @Test
    void aWipedMemberThatWasNeverToldOfTheLeaderComesBack() throws IOException {
        Cluster cluster = cluster();
        cluster.start(4, GroupStart.JOIN);
        assertThat(cluster.result(cluster.node(cluster.awaitLeader()).membership()
                .addVoter(new Member(4, List.of()), WHILE))).isInstanceOf(ChangeResult.Done.class);
        assertThat(cluster.result(cluster.node(cluster.awaitLeader()).transferLeadership(4)))
                .isInstanceOf(TransferResult.Transferred.class);
        cluster.crash(1);
        startOn(cluster, 1, new MemoryDisk());
        assertThat(cluster.node(1).status().confState().voters()).doesNotContain(4L);

        awaitRejoin(cluster, 1);
    }

    /** Its peers have taken the new run for the present one when it is asked about, and remember no claims. */
    @Test
    void aGroupThatIsStartedAfterItsHostHasFoundALossHasLostToo() throws IOException {
        Cluster cluster = Cluster.of(3);
        for (long id = 1; id <= 3; id++) {
            cluster.startGroup(id, 2, GroupStart.NEW);
        }
        cluster.loops.runFor(WHILE);
        for (long id = 1; id <= 3; id++) {
            cluster.crash(id);
        }
        cluster.disks.put(1L, new MemoryDisk());
        for (long id = 1; id <= 3; id++) {
            cluster.start(id, GroupStart.NEW);
        }
        cluster.startGroup(2, 2, GroupStart.NEW);
        cluster.startGroup(3, 2, GroupStart.NEW);
        cluster.await(() -> cluster.node(1).promises().suffrage().votes(), "repaired");

        RaftNode<Integer> second = cluster.startGroup(1, 2, GroupStart.NEW).node();
        cluster.await(() -> second.status().confState().learners().contains(1L), "a learner");
        cluster.await(() -> second.promises().suffrage().votes(), "votes again");
    }

    /** Found by the simulator's seed 730004. */
    @Test
    void whoHearsOfALossAgainThatWasMadeGoodHasNotLostAnything() throws IOException {
        Cluster cluster = Cluster.of(5);
        long leader = cluster.awaitLeader();
        long wiped = leader % 5 + 1;
        long late = wiped % 5 + 1;
        propose(cluster, "first", 20);
        cluster.loops.runFor(Duration.ofSeconds(2));
        cluster.crash(late);
        cluster.crash(wiped);
        startOn(cluster, wiped, new MemoryDisk());
        cluster.await(() -> cluster.node(wiped).status().confState().learners().contains(wiped),
                "a learner");
        cluster.await(() -> cluster.node(wiped).promises().suffrage().votes(), "votes again");

        cluster.start(late, GroupStart.NEW);
        assertThat(cluster.loops.runUntil(
                () -> !cluster.node(wiped).promises().suffrage().votes(), WHILE)).isFalse();
        awaitEqual(cluster);
        cluster.crash(wiped);
        cluster.start(wiped, GroupStart.NEW);
        awaitVoteAtOnce(cluster, wiped);
    }

    private static void awaitVoteAtOnce(Cluster cluster, long id) {
        assertThat(cluster.loops.runUntil(
                () -> cluster.node(id).promises().suffrage().votes(), Duration.ofMillis(300)))
                .isTrue();
    }

    @Test
    void aMemberRestoredFromAnOlderCopyBecomesAVoterAgain() throws IOException {
        Cluster cluster = cluster();
        long restored = follower(cluster);
        cluster.crash(restored);
        MemoryDisk old = cluster.disk(restored).copy();
        cluster.start(restored, GroupStart.NEW);
        propose(cluster, "second", 30);
        cluster.crash(restored);
        startOn(cluster, restored, old);

        awaitRejoin(cluster, restored);
        canElectWith(cluster, restored);
    }

    @Test
    void aCopyOfTheSameRunIsFoundOutByHowFarItsLogWas() throws IOException {
        Cluster cluster = cluster();
        long restored = follower(cluster);
        MemoryDisk old = cluster.disk(restored).copy();
        propose(cluster, "second", 30);
        cluster.loops.runFor(Duration.ofSeconds(2));
        cluster.crash(restored);
        startOn(cluster, restored, old);

        awaitRejoin(cluster, restored);
    }

    /** What was made good before does not make good what was lost since. */
    @Test
    void aCopyFromBeforeItWasRepairedIsRepairedAgain() throws IOException {
        Cluster cluster = cluster();
        long wiped = follower(cluster);
        cluster.crash(wiped);
        startOn(cluster, wiped, new MemoryDisk());
        cluster.await(() -> cluster.node(cluster.awaitLeader()).status().confState().learners()
                .contains(wiped), "a learner");
        MemoryDisk old = cluster.disk(wiped).copy();
        awaitRejoin(cluster, wiped);
        propose(cluster, "second", 30);
        cluster.crash(wiped);
        startOn(cluster, wiped, old);

        awaitRejoin(cluster, wiped);
        canElectWith(cluster, wiped);
    }

    /** It would be one of two, and what it confirms does not count: the other is let go when it does. */
    @Test
    void whoHasForgottenSomethingCountsForNoQuorumThatIsToCome() throws IOException {
        Cluster cluster = cluster();
        long leader = cluster.awaitLeader();
        long wiped = follower(cluster);
        long other = 6 - leader - wiped;
        cluster.crash(wiped);
        CompletableFuture<ChangeResult> removed = cluster.node(leader).membership().remove(other);
        startOn(cluster, wiped, new MemoryDisk());

        boolean isRemoved = cluster.result(removed) instanceof ChangeResult.Done;
        if (isRemoved) {
            cluster.stop(other);
        }
        propose(cluster, "last", 1);
        cluster.await(() -> cluster.node(wiped).promises().suffrage().votes(), "votes again");
    }

    @Test
    void aMemberThatWasOnlyDownVotesAtOnce() throws IOException {
        Cluster cluster = cluster();
        long down = follower(cluster);
        cluster.crash(down);
        propose(cluster, "second", 5);
        cluster.start(down, GroupStart.NEW);
        awaitVoteAtOnce(cluster, down);
    }

    /** What could not be read once may be whole, and other members may have the same trouble: nothing is set aside. */
    @Test
    void aReadThatFailsRefusesTheStartAndLosesNothing() throws IOException {
        Cluster cluster = cluster();
        long down = follower(cluster);
        cluster.crash(down);
        cluster.disk(down).failReads(1);
        assertThatThrownBy(() -> cluster.start(down, GroupStart.NEW))
                .isInstanceOf(IOException.class).hasMessageContaining("read failed");
        cluster.peers(down).close();
        assertThat(cluster.disk(down).list(Path.of("/member/wal")))
                .noneMatch(name -> name.endsWith(".damaged"));
        cluster.start(down, GroupStart.NEW);
        awaitVoteAtOnce(cluster, down);
    }

    @Test
    void aDamagedLogIsRepairedByThePeers() throws IOException {
        for (long offset = 64; offset < 3000; offset += 293) {
            Cluster cluster = cluster();
            long damaged = follower(cluster);
            cluster.crash(damaged);
            cluster.disk(damaged).flipBit(SEGMENT, offset, 3);
            propose(cluster, "second", 5);
            cluster.start(damaged, GroupStart.NEW);

            awaitRejoin(cluster, damaged);
            assertThat(cluster.journal(damaged).lines()).contains("first 19", "second 4");
        }
    }

    /** Whichever sector it is: none is taken for a torn write, which would be cut. */
    @Test
    void aZeroedSectorDoesNotVoteForAMemberThatLagged() throws IOException {
        for (long at = 0; at < 3072; at += 512) {
            comesBackWithoutHarm(at);
        }
    }

    private static void comesBackWithoutHarm(long zeroedAt) throws IOException {
        Cluster cluster = cluster();
        long down = cluster.awaitLeader();
        long lags = follower(cluster);
        long damaged = cluster.running.keySet().stream().filter(id -> id != down && id != lags)
                .findFirst().orElseThrow();
        cluster.hub.isolate(lags);
        assertThat(cluster.propose(down, "acknowledged"))
                .isInstanceOf(ProposalResult.Applied.class);
        cluster.crash(down);
        cluster.crash(damaged);
        cluster.hub.heal();
        cluster.disk(damaged).zeroSector(SEGMENT, zeroedAt);
        cluster.start(damaged, GroupStart.NEW);

        cluster.loops.runFor(WHILE);
        assertThat(cluster.leader()).as("sector at %s", zeroedAt).isZero();

        cluster.start(down, GroupStart.NEW);
        awaitRejoin(cluster, damaged);
        assertThat(cluster.journal(lags).lines()).contains("acknowledged");
    }

    @Test
    void aPairWithADamagedMemberHaltsInsteadOfForgetting() throws IOException {
        Cluster cluster = Cluster.of(2);
        propose(cluster, "first", 20);
        long damaged = follower(cluster);
        cluster.crash(damaged);
        cluster.disk(damaged).flipBit(SEGMENT, 700, 3);
        cluster.start(damaged, GroupStart.NEW);
        cluster.loops.runFor(WHILE);
        assertThat(cluster.node(damaged).promises().suffrage().votes()).isFalse();
    }
}
