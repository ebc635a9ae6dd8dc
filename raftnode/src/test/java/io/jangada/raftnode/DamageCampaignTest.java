// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Three members, of which the disk of one is not to be trusted, many times over: nothing acknowledged is
 * lost, nobody has anything that others have not, and the member is repaired. How many trials:
 * {@code -Djangada.trials=1000}.
 */
class DamageCampaignTest {
    private static final long FIRST_SEED = Long.getLong("jangada.seed", 1);
    private static final int TRIALS = Integer.getInteger("jangada.trials", 40);
    private static final Path LOG = Path.of("/member/wal");
    private static final Path SNAPSHOTS = Path.of("/member/snap");

    /** One cluster and what it has acknowledged. */
    private static final class Trial {
        private final SplittableRandom random;
        private final Cluster cluster;
        private final List<String> acknowledged = new ArrayList<>();

        Trial(long seed) throws IOException {
            random = new SplittableRandom(seed);
            cluster = Cluster.of(3, builder -> builder.snapshotCount(15).catchUpEntries(5));
        }

        void write(int count) {
            for (int i = 0; i < count; i++) {
                String line = "line " + acknowledged.size() + " " + "x".repeat(random.nextInt(300));
                if (cluster.propose(cluster.awaitLeader(),
                        line) instanceof ProposalResult.Applied) {
                    acknowledged.add(line);
                }
            }
        }

        void restart(long id) throws IOException {
            cluster.start(id, GroupStart.NEW);
        }

        /** Whether the member can be read from; a read is asked for again where it is refused. */
        boolean reads(long id) {
            for (int i = 0; i < 10; i++) {
                if (cluster.result(cluster.node(id).readIndex()) instanceof ReadResult.Ready) {
                    return true;
                }
                cluster.loops.runFor(Duration.ofSeconds(1));
            }
            return false;
        }

        long someone() {
            return 1 + random.nextLong(3);
        }

        /** All members have what was acknowledged, in order, and the same. */
        void check() {
            write(1);
            cluster.await(() -> cluster.running.values().stream()
                    .allMatch(one -> one.journal().lines().size() >= acknowledged.size()
                            && one.journal().lines().equals(cluster.journal(1).lines())),
                    "equal journals");
            assertThat(cluster.journal(1).lines()).containsSubsequence(acknowledged);
        }
    }

    private static Path someFile(MemoryDisk disk, SplittableRandom random) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path directory : List.of(LOG, SNAPSHOTS)) {
            for (String name : disk.list(directory)) {
                if (name.endsWith(".wal") || name.endsWith(".snap")) {
                    files.add(directory.resolve(name));
                }
            }
        }
        return files.get(random.nextInt(files.size()));
    }

    /** Where something is written: the rest of a segment is zeros that nobody reads. */
    private static long someOffset(MemoryDisk disk, Path path, SplittableRandom random)
            throws IOException {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.bytes());
            file.read(content, 0);
            int end = content.capacity();
            while (end > 1 && content.get(end - 1) == 0) {
                end--;
            }
            return random.nextInt(end);
        }
    }

    @Test
    void aFlippedBitAnywhereInOneMembersFilesIsRepaired(TestReporter reporter)
            throws IOException {
        int repaired = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + TRIALS; seed++) {
            Trial trial = new Trial(seed);
            trial.write(10 + trial.random.nextInt(40));
            long damaged = trial.someone();
            trial.cluster.crash(damaged);
            MemoryDisk disk = trial.cluster.disk(damaged);
            Path path = someFile(disk, trial.random);
            long offset = someOffset(disk, path, trial.random);
            disk.flipBit(path, offset, trial.random.nextInt(8));
            String what = "seed " + seed + ": " + path + " at " + offset;
            try {
                trial.write(trial.random.nextInt(10));
                trial.restart(damaged);
                trial.check();
                trial.cluster.await(
                        () -> trial.cluster.node(damaged).promises().suffrage().votes(), "a vote");
                repaired++;
            } catch (IOException refused) {
                assertThat(refused).as(what).hasMessageContaining("/member");
            } catch (AssertionError failed) {
                throw new AssertionError(what, failed);
            }
        }
        reporter.publishEntry("repaired", repaired + " of " + TRIALS);
        assertThat(repaired).isGreaterThanOrEqualTo(TRIALS * 95 / 100);
    }

    @Test
    void aForceThatFailsLosesNothingAcknowledged() throws IOException {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + TRIALS; seed++) {
            Trial trial = new Trial(seed);
            trial.write(5);
            long failing = trial.someone();
            trial.cluster.disk(failing).failForces(1 + trial.random.nextInt(3));
            CompletableFuture<?> unusedFlight = trial.cluster.node(failing)
                    .propose(Journal.line("in flight"));
            try {
                trial.cluster.await(() -> trial.cluster.node(failing).status().stopped(),
                        "stops");
                trial.cluster.crash(failing);
                trial.write(5);
                trial.restart(failing);
                trial.check();
            } catch (AssertionError failed) {
                throw new AssertionError("seed " + seed, failed);
            }
        }
    }

    @Test
    void aFullDiskRefusesAndServesReadsAndGoesOnWhenThereIsRoom() throws IOException {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + TRIALS; seed++) {
            Trial trial = new Trial(seed);
            trial.write(5 + trial.random.nextInt(20));
            int fullCount = 1 + trial.random.nextInt(3);
            for (long id = 1; id <= fullCount; id++) {
                trial.cluster.disk(id).capacityBytes(1);
            }
            try {
                fillUp(trial, fullCount);
                if (fullCount == 1) {
                    trial.cluster.crash(1);
                    trial.restart(1);
                }
                assertThat(trial.reads(1) || trial.reads(2) || trial.reads(3)).isTrue();
                for (long id = 1; id <= 3; id++) {
                    trial.cluster.disk(id).capacityBytes(Long.MAX_VALUE);
                }
                trial.check();
            } catch (AssertionError failed) {
                throw new AssertionError("seed " + seed + " full " + fullCount, failed);
            }
        }
    }

    /** Writes until a write is not acknowledged, or long enough where a majority has room. */
    private static void fillUp(Trial trial, int fullCount) {
        for (int i = 0; i < 300; i++) {
            String line = "line " + trial.acknowledged.size() + "x".repeat(1000);
            if (!(trial.cluster.propose(trial.cluster.awaitLeader(),
                    line) instanceof ProposalResult.Applied)) {
                return;
            }
            trial.acknowledged.add(line);
        }
        assertThat(fullCount).isEqualTo(1);
    }
}
