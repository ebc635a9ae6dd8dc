// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Seeds from {@code -Djangada.seed} on, {@code -Djangada.seeds} of them; and the seeds that have found something, by
 * name: the world has changed since some of them did, so that tests of units stand for what they found. Fresh seeds are for {@code ./jangada simulate}, which draws them.
 */
class SimulationTest {
    private static final long FIRST_SEED = Long.getLong("jangada.seed", 1);
    private static final int SEEDS = Integer.getInteger("jangada.seeds", 40);
    private static final Duration SPAN = Duration.ofSeconds(60);
    /** Of which the seeds by name were chosen. */
    private static final Set<Fault> FIRST = EnumSet.range(Fault.CRASH, Fault.TRANSFER);

    @Test
    void everyPromiseIsKept() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            isKept(Scenario.of(seed, EnumSet.allOf(Fault.class), SPAN));
        }
    }

    /** A directory rolled back to a copy from before it was repaired must not name its new loss as the old one. */
    @Test
    void aCopyFromBeforeTheRepairNamesItsLossAnew() {
        isKept(Scenario.of(9, FIRST, SPAN).with(Size.WATCHERS, 0));
    }

    /** A member that has lost its log and refuses every append must not be asked as fast as the network goes. */
    @Test
    void aMemberThatDeniesWhatItHadIsAskedOnceAHeartbeat() {
        isKept(Scenario.of(1059, FIRST, SPAN).with(Size.WATCHERS, 0));
    }

    /** A member must not tell its peers of a term that is written and not forced: it would seem to have forgotten it. */
    @Test
    void aTermIsToldOnceItIsDurable() {
        isKept(Scenario.of(105, FIRST, SPAN));
    }

    /** A disk that cannot be read before anything is applied is a loss too: the member gets a new one. */
    @Test
    void aDiskThatIsBrokenBeforeTheFirstEntryIsReplaced() {
        isKept(Scenario.of(7_000_100, EnumSet.range(Fault.CRASH, Fault.READ_ERROR),
                Duration.ofSeconds(30)));
    }

    /** A directory that was rolled back may hold what never was committed, where its leader knows of other entries there. */
    @Test
    void aRolledBackLogIsNotCommittedByAHeartbeat() {
        isKept(Scenario.of(1_002_354,
                EnumSet.of(Fault.CRASH, Fault.KILL, Fault.PAUSE, Fault.REPLAY, Fault.SLOW_DISK,
                        Fault.DAMAGE, Fault.ROLL_BACK, Fault.MEMBERSHIP, Fault.LOST_WRITE,
                        Fault.MISDIRECTED_WRITE, Fault.READ_ERROR, Fault.CHURN, Fault.RELAPSE),
                Duration.ofSeconds(30)));
    }

    /** A disk that cannot be read and is replaced tells of no loss: with nothing promised before, there is none. */
    @Test
    void aNewDiskForAMemberThatHadPromisedNothingIsNoLoss() {
        isKept(Scenario.of(1_001_500,
                EnumSet.of(Fault.KILL, Fault.PAUSE, Fault.PARTITION, Fault.LOSS, Fault.REPLAY,
                        Fault.DELAY, Fault.DRIFT, Fault.SLOW_DISK, Fault.FULL_DISK,
                        Fault.ROLL_BACK, Fault.LOST_WRITE, Fault.MISDIRECTED_WRITE,
                        Fault.READ_ERROR, Fault.CHURN),
                Duration.ofSeconds(30)));
    }

    /** Who knows of a run that is not this one, and has just heard it, cannot say more yet; a majority that knew nothing could. */
    @Test
    void aPeerThatHasJustHeardAnotherRunIsWaitedFor() {
        isKept(Scenario.of(1_002_874,
                EnumSet.complementOf(EnumSet.of(Fault.KILL, Fault.PAUSE, Fault.SLOW_DISK,
                        Fault.ROLL_BACK, Fault.RELAPSE)),
                Duration.ofSeconds(30)));
    }

    private static void isKept(Scenario scenario) {
        Verdict verdict = Simulation.run(scenario);
        if (verdict instanceof Verdict.Broken broken) {
            Replay.timeline(broken).forEach(System.out::println);
            broken.cause().printStackTrace(System.out);
            System.out.println(Replay.test(broken));
        }
        assertThat(verdict).as(Replay.command(scenario)).isInstanceOf(Verdict.Kept.class);
    }
}
