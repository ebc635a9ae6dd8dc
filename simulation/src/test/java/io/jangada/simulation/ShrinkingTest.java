// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** With violations planted: a runner that says of each scenario whether it breaks, and in what. */
class ShrinkingTest {
    private static final Scenario LARGE = Scenario
            .of(1, EnumSet.allOf(Fault.class), Duration.ofSeconds(60))
            .withFaults(EnumSet.allOf(Fault.class)).with(Size.VOTERS, 7).with(Size.LEARNERS, 3)
            .with(Size.CLIENTS, 8);
    private static final SortedMap<String, Long> NO_MARKS = new TreeMap<>();
    private int runs;

    private Verdict run(Scenario scenario, boolean breaks, String promise, Duration at) {
        runs++;
        return breaks && at.compareTo(scenario.span()) <= 0
                ? new Verdict.Broken(scenario, 1, NO_MARKS, at, "planted",
                        new Violation(promise, "planted"),
                        List.of())
                : new Verdict.Kept(scenario, 1, NO_MARKS, scenario.span(), 0, 0);
    }

    private Verdict needsTwoFaultsAndThreeVoters(Scenario scenario) {
        return run(scenario,
                scenario.faults().containsAll(Set.of(Fault.CRASH, Fault.DAMAGE))
                        && scenario.count(Size.VOTERS) >= 3 && scenario.count(Size.CLIENTS) >= 2,
                "planted", Duration.ofSeconds(7));
    }

    private static Verdict.Broken broken(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Broken.class);
        return (Verdict.Broken) verdict;
    }

    @Test
    void keepsWhatIsNeededAlone() {
        Verdict.Broken found = broken(needsTwoFaultsAndThreeVoters(LARGE));
        Scenario smallest = Shrinking.shrink(this::needsTwoFaultsAndThreeVoters, found, 1_000)
                .scenario();
        assertThat(smallest.faults()).containsExactly(Fault.CRASH, Fault.DAMAGE);
        assertThat(smallest.count(Size.VOTERS)).isEqualTo(3);
        assertThat(smallest.count(Size.LEARNERS)).isZero();
        assertThat(smallest.count(Size.WATCHERS)).isZero();
        assertThat(smallest.count(Size.CLIENTS)).isEqualTo(2);
        assertThat(smallest.span()).isEqualTo(Duration.ofMillis(7_001));
    }

    @Test
    void staysWithThePromise() {
        Verdict.Broken found = broken(
                run(LARGE, true, "the first", Duration.ofSeconds(1)));
        Verdict.Broken smallest = Shrinking.shrink(
                one -> run(one, true, one.count(Size.VOTERS) < 7 ? "another" : "the first",
                        Duration.ofSeconds(1)),
                found, 1_000);
        assertThat(smallest.promise()).isEqualTo("the first");
        assertThat(smallest.scenario().count(Size.VOTERS)).isEqualTo(7);
    }

    @Test
    void stopsAtTheBoundOnRuns() {
        Verdict.Broken found = broken(needsTwoFaultsAndThreeVoters(LARGE));
        runs = 0;
        Shrinking.shrink(this::needsTwoFaultsAndThreeVoters, found, 5);
        assertThat(runs).isEqualTo(5);
    }

    @Test
    void aRunThatKeepsItsPromisesIsNoSmallerOne() {
        Scenario hopeless = LARGE.withSpan(Duration.ofSeconds(2)).withFaults(Set.of(Fault.LOSS));
        Verdict.Broken found = new Verdict.Broken(hopeless, 1, NO_MARKS, Duration.ofSeconds(1),
                "planted",
                new Violation("planted", "planted"), List.of());
        assertThat(Shrinking.shrink(found, 3)).isEqualTo(found);
    }
}
