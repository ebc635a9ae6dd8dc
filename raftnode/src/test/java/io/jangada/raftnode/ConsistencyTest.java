// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.DropReason;
import io.jangada.raft.ReadOnlyMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConsistencyTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration INSTANT = Duration.ofNanos(1);

    private static CompletableFuture<QueryResult<List<String>>> ask(Cluster cluster, long member,
            Consistency how) {
        return cluster.node(member).read(how, () -> cluster.journal(member).lines());
    }

    private static void assertAnswered(CompletableFuture<QueryResult<List<String>>> asked,
            String... lines) {
        assertThat(asked).isCompletedWithValueMatching(
                result -> result instanceof QueryResult.Answered<List<String>> answered
                        && answered.value().equals(List.of(lines)),
                "is answered with " + List.of(lines));
    }

    private static void assertRefused(CompletableFuture<QueryResult<List<String>>> asked,
            DropReason reason) {
        assertThat(asked).isCompletedWithValueMatching(
                result -> result instanceof QueryResult.Refused<List<String>> refused
                        && refused.reason() == reason,
                "is refused: " + reason);
    }

    /** Three members, of which one follows and has applied "a". */
    private static long followerWithA(Cluster cluster) {
        long leader = cluster.awaitLeader();
        long follower = leader % 3 + 1;
        cluster.propose(leader, "a");
        cluster.await(() -> cluster.journal(follower).lines().size() == 1, "applied");
        return follower;
    }

    @Test
    void aLinearizableQuerySeesWhatWasCommittedBefore() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        long follower = leader % 3 + 1;
        cluster.await(() -> cluster.node(follower).status().leader() == leader, "follows");
        cluster.propose(leader, "a");

        CompletableFuture<QueryResult<List<String>>> asked = ask(cluster, follower,
                Consistency.LINEARIZABLE);
        cluster.result(asked);
        assertAnswered(asked, "a");
    }

    @Test
    void aQueryRunsOnTheApplyLoop() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.propose(cluster.awaitLeader(), "a");
        List<Consistency> all = List.of(Consistency.LINEARIZABLE, Consistency.atLeast(0),
                Consistency.within(SECOND));
        for (Consistency how : all) {
            assertThat(cluster.result(cluster.node(1).read(how, cluster.loops::current)))
                    .isInstanceOfSatisfying(QueryResult.Answered.class,
                            answered -> assertThat(answered.value()).isEqualTo("apply-1"));
        }
    }

    @Test
    void whatAQueryThrowsEndsItsFutureAndNothingElse() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.propose(cluster.awaitLeader(), "a");
        CompletableFuture<QueryResult<String>> asked = cluster.node(1).read(
                Consistency.LINEARIZABLE, () -> {
                    throw new IllegalStateException("the query's own");
                });
        assertThatThrownBy(() -> cluster.result(asked)).hasMessageContaining("the query's own");
        assertThat(cluster.propose(1, "b")).isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void aReadOfOnesOwnWriteWaitsUntilItIsAppliedHere() throws Exception {
        Cluster cluster = Cluster.of(3);
        long follower = followerWithA(cluster);
        long leader = cluster.leader();
        cluster.hub.cut(leader, follower);
        long index = switch (cluster.propose(leader, "b")) {
            case ProposalResult.Applied<Integer> applied -> applied.id().index();
            default -> throw new AssertionError("not applied");
        };
        CompletableFuture<QueryResult<List<String>>> any = ask(cluster, follower,
                Consistency.atLeast(0));
        CompletableFuture<QueryResult<List<String>>> own = ask(cluster, follower,
                Consistency.atLeast(index));
        cluster.loops.runFor(Duration.ofMillis(10));
        assertAnswered(any, "a");
        assertThat(own).isNotDone();

        cluster.hub.heal();
        cluster.result(own);
        assertAnswered(own, "a", "b");
    }

    @Test
    void aReadThatWaitsForAnIndexInVainIsRefused() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.propose(cluster.awaitLeader(), "a");
        CompletableFuture<QueryResult<List<String>>> asked = ask(cluster, 1,
                Consistency.atLeast(1_000));
        assertThat(cluster.node(1).status().pendingReads()).isEqualTo(1);
        cluster.loops.runFor(Duration.ofSeconds(6));
        assertThat(asked).isNotDone();
        cluster.loops.runFor(Duration.ofSeconds(2));
        assertRefused(asked, DropReason.LAGGING);
        assertThat(cluster.node(1).status().pendingReads()).isZero();
    }

    @Test
    void aReadThatWaitsIsRefusedWhenTheGroupStops() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.propose(cluster.awaitLeader(), "a");
        CompletableFuture<QueryResult<List<String>>> waits = ask(cluster, 1,
                Consistency.atLeast(1_000));
        cluster.loops.runFor(INSTANT);
        CompletableFuture<QueryResult<List<String>>> before = ask(cluster, 1,
                Consistency.atLeast(0));
        CompletableFuture<?> unusedStop = cluster.node(1).stop();
        CompletableFuture<QueryResult<List<String>>> after = ask(cluster, 1,
                Consistency.atLeast(0));
        cluster.loops.runFor(INSTANT);
        assertRefused(waits, DropReason.STOPPED);
        assertRefused(before, DropReason.STOPPED);
        assertRefused(after, DropReason.STOPPED);
    }

    @Test
    void aMemberThatIsCutOffServesStaleReadsForAsLongAsTheyMayLag() throws Exception {
        Cluster cluster = Cluster.of(3);
        long follower = followerWithA(cluster);
        cluster.result(ask(cluster, follower, Consistency.LINEARIZABLE));
        cluster.hub.isolate(follower);
        long leader = cluster.leader();
        cluster.propose(leader, "b");
        cluster.loops.runFor(Duration.ofMillis(900));

        CompletableFuture<QueryResult<List<String>>> inTime = ask(cluster, follower,
                Consistency.within(SECOND));
        cluster.loops.runFor(INSTANT);
        assertAnswered(inTime, "a");

        cluster.loops.runFor(Duration.ofSeconds(5)); // By now it knows of no leader.
        CompletableFuture<QueryResult<List<String>>> late = ask(cluster, follower,
                Consistency.within(SECOND));
        CompletableFuture<QueryResult<List<String>>> laxer = ask(cluster, follower,
                Consistency.within(Duration.ofMinutes(1)));
        cluster.loops.runFor(INSTANT);
        assertRefused(late, DropReason.NO_LEADER);
        assertAnswered(laxer, "a");
    }

    @Test
    void aReadThatMayNotLagAsMuchAsThisMemberDoesAsksTheLeader() throws Exception {
        Cluster cluster = Cluster.of(3);
        long follower = followerWithA(cluster);
        cluster.result(ask(cluster, follower, Consistency.LINEARIZABLE));
        long leader = cluster.leader();
        cluster.hub.cut(leader, follower);
        cluster.propose(leader, "b");
        cluster.loops.runFor(Duration.ofMillis(500));
        cluster.hub.heal();

        CompletableFuture<QueryResult<List<String>>> asked = ask(cluster, follower,
                Consistency.within(Duration.ofMillis(400)));
        cluster.result(asked);
        assertAnswered(asked, "a", "b");
    }

    @Test
    void readsThatGoOnKeepTheMemberFresh() throws Exception {
        Cluster cluster = Cluster.of(3);
        long follower = followerWithA(cluster);
        cluster.result(ask(cluster, follower, Consistency.LINEARIZABLE));
        for (int i = 0; i < 100; i++) {
            cluster.loops.runFor(Duration.ofMillis(100));
            CompletableFuture<QueryResult<List<String>>> asked = ask(cluster, follower,
                    Consistency.within(SECOND));
            cluster.loops.runFor(INSTANT);
            assertAnswered(asked, "a");
        }
    }

    @Test
    void aLeaderWithALeaseAnswersWithoutAskingAnybody() throws Exception {
        Cluster cluster = Cluster.of(3, group -> group.readOnly(ReadOnlyMode.LEASE));
        long leader = cluster.awaitLeader();
        cluster.propose(leader, "a");
        cluster.loops.runFor(SECOND);
        cluster.hub.isolate(leader);
        CompletableFuture<QueryResult<List<String>>> leased = ask(cluster, leader,
                Consistency.LINEARIZABLE);
        cluster.loops.runFor(INSTANT);
        assertAnswered(leased, "a");

        cluster.loops.runFor(SECOND);
        CompletableFuture<QueryResult<List<String>>> late = ask(cluster, leader,
                Consistency.LINEARIZABLE);
        cluster.loops.runFor(INSTANT);
        assertThat(late).isNotDone();
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> Consistency.atLeast(-1))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1");
        assertThatThrownBy(() -> Consistency.within(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
