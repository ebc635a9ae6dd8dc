// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our own, with real disks and sockets. */
@Timeout(120)
class ReplicationSystemTest {
    private static final int PROPOSALS = 100;

    @ParameterizedTest
    @EnumSource(names = "JANGADA") // A test cannot hold the others to lead on on a busy machine.
    void everyMemberAppliesEveryProposal(ReplicationSystem system, @TempDir Path directory)
            throws Exception {
        try (ReplicatedGroup group = system.open(directory.resolve("group"), 16)) {
            CountDownLatch over = new CountDownLatch(PROPOSALS);
            AtomicInteger applied = new AtomicInteger();
            for (int i = 0; i < PROPOSALS; i++) {
                group.propose(done -> {
                    applied.addAndGet(done ? 1 : 0);
                    over.countDown();
                });
            }
            assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(applied).hasValue(PROPOSALS);
            SystemRun.awaitAgreement(group, PROPOSALS);
            assertThat(group.applied()).containsExactly(PROPOSALS, PROPOSALS, PROPOSALS);
        }
    }
}
