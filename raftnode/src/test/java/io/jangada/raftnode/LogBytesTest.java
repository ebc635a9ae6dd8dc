// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The log in memory is bounded in bytes, whatever the size of an entry. */
final class LogBytesTest {
    private static final long LOG_BYTES_MAX = 1 << 20;
    private static final String LARGE = "x".repeat(10_000);

    private static GroupLimits limits() {
        GroupLimits all = Cluster.LIMITS;
        return new GroupLimits(all.proposalBytesMax(), all.pendingProposalsMax(),
                all.pendingReadsMax(), all.applyBatchCountMax(), all.applyBatchBytesMax(),
                LOG_BYTES_MAX, all.appendBytesMax());
    }

    @Test
    void aLogOfLargeEntriesIsCutBeforeItsTimeAndNothingIsLost() throws Exception {
        Cluster cluster = Cluster.of(3, group -> group.limits(limits()));
        for (int i = 0; i < 400; i++) {
            long leader = cluster.awaitLeader();
            cluster.propose(leader, i + " " + LARGE);
            RaftStatus status = cluster.node(leader).status();
            long kept = status.applied() - status.firstIndex() + 1;
            // A snapshot is being made while the next few entries come.
            assertThat(kept * LARGE.length()).as("kept at %s", i)
                    .isLessThan(LOG_BYTES_MAX + 10L * LARGE.length());
        }
        long first = cluster.node(cluster.leader()).status().firstIndex();
        assertThat(first).isGreaterThan(100);
        for (long id = 1; id <= 3; id++) {
            Cluster.Running member = cluster.running(id);
            cluster.await(() -> member.journal().lines().size() == 400, "all lines at a member");
        }
    }

    @Test
    void aMemberThatWasAwayReadsOnFromThePackedLog() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        long away = leader % 3 + 1;
        cluster.propose(leader, "first");
        cluster.crash(away);
        for (int i = 0; i < 150; i++) {
            cluster.propose(cluster.awaitLeader(), i + " " + LARGE);
        }
        assertThat(cluster.node(cluster.leader()).status().firstIndex()).isLessThan(5);
        Cluster.Running back = cluster.start(away, GroupStart.NEW);
        cluster.await(() -> back.journal().lines().size() == 151, "caught up");
        assertThat(back.journal().lines())
                .isEqualTo(cluster.journal(cluster.leader()).lines());
    }
}
