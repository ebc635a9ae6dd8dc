// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import static io.jangada.wal.WalFixture.CONFIG;
import static io.jangada.wal.WalFixture.DIRECTORY;
import static io.jangada.wal.WalFixture.IDENTITY;
import static io.jangada.wal.WalFixture.entries;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.wal.disk.MemoryDisk;
import io.jangada.wal.disk.Tear;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The machine crashes at every operation of a scripted run, with every pattern of lost sectors. */
class WalCrashTest {
    private static final int ROUNDS = 30;

    /** What was forced last, and what the force in flight was to make durable. */
    private static final class Run {
        private final MemoryDisk disk;
        private LogModel forced = new LogModel();
        private LogModel inFlight = new LogModel();

        Run(MemoryDisk disk) {
            this.disk = disk;
        }

        /** Continues from what is on the disk until the script ends or the machine crashes. */
        void go(long seed) {
            var random = new SplittableRandom(seed);
            try (Wal wal = Wal.open(disk, DIRECTORY, CONFIG, IDENTITY).wal()) {
                for (int round = 0; round < ROUNDS; round++) {
                    inFlight = forced.copy();
                    step(wal, random, 1L + random.nextInt(2));
                    if (random.nextInt(3) == 0) {
                        step(wal, random, 1L + random.nextInt(2));
                    }
                    wal.force();
                    forced = inFlight;
                    long group = 1L + random.nextInt(2);
                    wal.purge(group, forced.group(group).mark().index());
                }
            } catch (IOException crash) {
                assertThat(disk.isCrashed()).as("%s", crash).isTrue();
            }
        }

        private void step(Wal wal, SplittableRandom random, long group) throws WalException {
            WalRecovery.Group before = inFlight.group(group);
            long term = before.hardState().term() + random.nextInt(2) + 1;
            long last = before.lastIndex();
            long committed = before.hardState().commit();
            if (random.nextInt(12) == 0) {
                reset(wal, group, random.nextLong(last + 1), term);
                return;
            }
            if (random.nextInt(4) == 0) {
                boolean replaces = random.nextInt(3) == 0;
                long index = replaces ? last + 5 : Math.max(committed, before.mark().index());
                mark(wal, group, new SnapshotMark(id(before, index, term),
                        ConfState.ofVoters(List.of(1L, 2L, index))));
                return;
            }
            long first = committed + 1 + random.nextLong(last - committed + 1);
            int count = random.nextInt(5);
            List<Entry> entries = entries(term, first, first + count - 1, random.nextInt(600));
            long lastThen = entries.isEmpty() ? last : first + count - 1;
            long commit = committed + random.nextLong(lastThen - committed + 1);
            HardState state = random.nextInt(5) == 0
                    ? HardState.EMPTY
                    : new HardState(term, 1 + random.nextInt(3), commit);
            wal.append(group, state, entries);
            inFlight.append(group, state, entries);
        }

        private void reset(Wal wal, long group, long index, long term) throws WalException {
            wal.reset(group);
            inFlight.reset(group);
            SnapshotMark mark = new SnapshotMark(new EntryId(term, index),
                    ConfState.ofVoters(List.of(1L, 2L, 3L)));
            wal.mark(group, mark);
            inFlight.mark(group, mark);
            HardState state = new HardState(term, 0, index);
            wal.append(group, state, List.of());
            inFlight.append(group, state, List.of());
        }

        private static EntryId id(WalRecovery.Group group, long index, long term) {
            for (Entry entry : group.entries()) {
                if (entry.index() == index) {
                    return entry.id();
                }
            }
            return index == group.mark().index() ? group.mark().id() : new EntryId(term, index);
        }

        private void mark(Wal wal, long group, SnapshotMark mark) throws WalException {
            wal.mark(group, mark);
            inFlight.mark(group, mark);
            HardState before = inFlight.group(group).hardState();
            HardState state = new HardState(Math.max(1, before.term()), before.vote(),
                    Math.max(before.commit(), mark.index()));
            wal.append(group, state, List.of());
            inFlight.append(group, state, List.of());
        }
    }

    private static List<Tear> tears(long seed) {
        List<Tear> tears = new ArrayList<>(List.of(Tear.LOSE_ALL, Tear.KEEP_ALL, Tear.KEEP_EVEN,
                Tear.KEEP_ODD, Tear.KEEP_FIRST, Tear.LOSE_FIRST));
        for (int i = 0; i < 4; i++) {
            tears.add(Tear.random(new SplittableRandom(seed * 31 + i)));
        }
        return tears;
    }

    private static long operations(long seed) {
        MemoryDisk disk = new MemoryDisk();
        new Run(disk).go(seed);
        return disk.operations();
    }

    @Test
    void whatWasForcedSurvivesACrashAtEveryOperationAndNothingIsInvented() throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            long operations = operations(seed);
            assertThat(operations).isGreaterThan(80);
            for (long at = 1; at <= operations; at++) {
                int pattern = 0;
                for (Tear tear : tears(seed + at)) {
                    Run run = new Run(new MemoryDisk());
                    run.disk.crashAt(at);
                    run.go(seed);
                    run.disk.crash();
                    run.disk.restart(tear);
                    checkRecovered(run, "seed " + seed + " operation " + at + " tear " + pattern++);
                    checkGoesOn(run, seed + 100);
                }
            }
        }
    }

    @Test
    void aSecondCrashDuringRecoveryLosesNothingEither() throws IOException {
        long seed = 7;
        long operations = operations(seed);
        for (long at = 1; at <= operations; at++) {
            for (long second = 1; second <= 6; second++) {
                Run run = new Run(new MemoryDisk());
                run.disk.crashAt(at);
                run.go(seed);
                run.disk.restart(Tear.random(new SplittableRandom(at)));
                run.disk.crashAt(run.disk.operations() + second);
                try {
                    WalFixture.open(run.disk).wal().close();
                } catch (IOException crash) {
                    assertThat(run.disk.isCrashed()).as("%s", crash).isTrue();
                }
                run.disk.restart(Tear.random(new SplittableRandom(second)));
                checkRecovered(run, "seed " + seed + " operation " + at + " then " + second);
            }
        }
    }

    private static void checkRecovered(Run run, String when) throws IOException {
        WalRecovery recovery = WalFixture.open(run.disk);
        recovery.wal().close();
        assertThat(recovery.groups()).as(when).isIn(run.forced.groups(), run.inFlight.groups());
        run.forced = new LogModel();
        for (WalRecovery.Group group : recovery.groups()) {
            run.forced.mark(group.group(), group.mark());
            run.forced.append(group.group(), group.hardState(), group.entries());
        }
    }

    private static void checkGoesOn(Run run, long seed) throws IOException {
        run.go(seed);
        assertThat(run.disk.isCrashed()).isFalse();
        WalRecovery recovery = WalFixture.open(run.disk);
        assertThat(recovery.groups()).isEqualTo(run.forced.groups());
        assertThat(recovery.cutBytes()).isZero();
        recovery.wal().close();
    }
}
