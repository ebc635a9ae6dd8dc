// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.HardState;
import io.jangada.wal.Wal;
import io.jangada.wal.WalConfig;
import io.jangada.wal.WalIdentity;
import io.jangada.wal.WalRecovery;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A vote counts once its term and it are durable: before, a member that crashes would vote again. */
class VoteDurabilityTest {
    private static final Duration LONG_FORCE = Duration.ofSeconds(60);
    private static final Duration WHILE = Duration.ofSeconds(20);

    @Test
    void aMajorityKnowsItsVoteWhenAllCrashAsSomebodyIsElected() throws IOException {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        long term = cluster.node(leader).status().term();
        int votes = 0;
        for (var one : cluster.disks.entrySet()) {
            MemoryDisk disk = one.getValue();
            disk.crash();
            disk.restart(Tear.LOSE_ALL);
            HardState kept = hardState(one.getKey(), disk);
            if (kept.term() == term && kept.vote() == leader) {
                votes++;
            }
        }
        assertThat(votes).as("votes for %s in term %s", leader, term).isGreaterThanOrEqualTo(2);
    }

    private static HardState hardState(long member, MemoryDisk disk) throws IOException {
        WalRecovery found = Wal.open(disk, Path.of("/member/wal"),
                new WalConfig(1 << 16, 1 << 14, 1 << 15), new WalIdentity(7, member));
        found.wal().close();
        return found.group(1).map(WalRecovery.Group::hardState).orElse(HardState.EMPTY);
    }

    @Test
    void nobodyIsElectedByVotesThatAreNotDurable() throws IOException {
        Cluster cluster = Cluster.of(3);
        cluster.stalls.forcesTake(2, LONG_FORCE);
        cluster.stalls.forcesTake(3, LONG_FORCE);
        cluster.loops.runFor(WHILE);
        assertThat(cluster.leader()).isZero();
    }
}
