// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.DropReason;
import io.jangada.raft.model.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What happens at the bounds of {@link GroupLimits}. */
class GroupLimitsTest {
    private static final int BYTES_MAX = 10;
    private static final int READS_MAX = 3;

    private static Cluster cluster(int batchCountMax, long batchBytesMax) throws IOException {
        GroupLimits limits = new GroupLimits(BYTES_MAX, 100, READS_MAX, batchCountMax,
                batchBytesMax, 64L << 20, 512 << 10);
        return Cluster.of(3, builder -> builder.limits(limits));
    }

    @Test
    void aProposalThatWouldNotFitIntoTheLogIsNoBoundToBeginWith() {
        GroupLimits limits = Cluster.LIMITS
                .withProposalBytesMax(Cluster.LIMITS.proposalBytesMax() + 1);
        assertThatThrownBy(() -> Cluster.of(1, builder -> builder.limits(limits)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("proposalBytesMax is 16368")
                .hasMessageContaining("recordBytesMax is 16384");
    }

    @Test
    void aProposalAboveItsBoundIsTheCallersMistake() throws IOException {
        Cluster cluster = cluster(100, 1_000);
        RaftNode<Integer> node = cluster.node(cluster.awaitLeader());
        assertThatThrownBy(() -> node.propose(Journal.line("x".repeat(BYTES_MAX + 1))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("11 bytes");
        assertThat(cluster.result(node.propose(Journal.line("x".repeat(BYTES_MAX)))))
                .isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void readsBeyondTheBoundAreRefusedAndThoseBeforeAreNot() throws IOException {
        Cluster cluster = cluster(100, 1_000);
        RaftNode<Integer> node = cluster.node(cluster.awaitLeader());
        List<CompletableFuture<ReadResult>> reads = new ArrayList<>();
        for (int i = 0; i < READS_MAX; i++) {
            reads.add(node.readIndex());
        }
        assertThat(node.readIndex()).isCompletedWithValueMatching(
                GroupLimitsTest::isOverloaded);
        for (CompletableFuture<ReadResult> read : reads) {
            assertThat(cluster.result(read)).isInstanceOf(ReadResult.Ready.class);
        }
        assertThat(cluster.result(node.readIndex())).isInstanceOf(ReadResult.Ready.class);
    }

    @Test
    void readsThatWaitForAnIndexHaveABoundOfTheirOwn() throws IOException {
        Cluster cluster = cluster(100, 1_000);
        long leader = cluster.awaitLeader();
        RaftNode<Integer> node = cluster.node(leader);
        Consistency next = Consistency.atLeast(node.status().applied() + 1);
        List<CompletableFuture<ReadResult>> reads = new ArrayList<>();
        for (int i = 0; i < READS_MAX; i++) {
            reads.add(node.read(next));
        }
        assertThat(node.read(next)).isCompletedWithValueMatching(GroupLimitsTest::isOverloaded);
        assertThat(cluster.propose(leader, "x")).isInstanceOf(ProposalResult.Applied.class);
        for (CompletableFuture<ReadResult> read : reads) {
            assertThat(cluster.result(read)).isInstanceOf(ReadResult.Ready.class);
        }
    }

    private static boolean isOverloaded(ReadResult result) {
        return result instanceof ReadResult.Refused refused
                && refused.reason() == DropReason.OVERLOADED;
    }

    @Test
    void batchesForTheStateMachineAreBoundedInCountAndInBytes() throws IOException {
        assertThat(batches(cluster(100, 1_000))).isOne();
        assertThat(batches(cluster(4, 1_000))).isEqualTo(3);
        assertThat(batches(cluster(100, 25))).isEqualTo(5);
        assertThat(batches(cluster(100, 1))).as("one entry may be larger").isEqualTo(10);
    }

    /** How many batches ten lines of ten bytes are that are proposed at once. */
    private static int batches(Cluster cluster) {
        long leader = cluster.awaitLeader();
        int before = cluster.journal(leader).batches();
        List<CompletableFuture<ProposalResult<Integer>>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(cluster.node(leader).propose(Journal.line("123456789" + i)));
        }
        all.forEach(cluster::result);
        return cluster.journal(leader).batches() - before;
    }

    @Test
    void entriesForAFollowerTravelInMessagesOfBoundedSize() throws IOException {
        assertThat(entriesAtOnce(GroupLimits.DEFAULT.appendBytesMax())).isGreaterThanOrEqualTo(10);
        assertThat(entriesAtOnce(100)).isBetween(2, 9);
        assertThat(entriesAtOnce(1)).as("one entry may be larger").isOne();
    }

    /** How many of ten entries that a follower lacks it gets in one message, at the most. */
    private static int entriesAtOnce(int appendBytesMax) throws IOException {
        Cluster cluster = Cluster.of(3, builder -> builder.limits(
                Cluster.LIMITS.withAppendBytesMax(appendBytesMax)));
        long leader = cluster.awaitLeader();
        long away = leader % 3 + 1;
        cluster.crash(away);
        for (int i = 0; i < 10; i++) {
            cluster.propose(leader, "line " + i);
        }
        List<Integer> counts = new ArrayList<>();
        cluster.overhears = message -> {
            if (message instanceof Message.AppendRequest append && message.to() == away) {
                counts.add(append.entries().size());
            }
        };
        cluster.start(away, GroupStart.NEW);
        cluster.await(() -> cluster.journal(away).lines().size() == 10, "all lines");
        return Collections.max(counts);
    }
}
