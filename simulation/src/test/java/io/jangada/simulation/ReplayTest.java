// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final Scenario PLAIN = Scenario.of(9, EnumSet.allOf(Fault.class),
            Duration.ofSeconds(60));

    @Test
    void theFaultsThatASeedChoseAreThoseThatItChoosesAgain() {
        assertThat(Scenario.of(9, PLAIN.faults(), Duration.ofSeconds(60))).isEqualTo(PLAIN);
        assertThat(List.copyOf(PLAIN.faults())).isNotEmpty().isSorted();
    }

    @Test
    void theCommandHasAllThatDiffers() {
        Scenario scenario = PLAIN.withFaults(Set.of(Fault.SLOW_DISK, Fault.CRASH));
        assertThat(Replay.command(scenario)).isEqualTo(
                "./jangada simulate --seed 9 --time 60000ms --faults crash,slow-disk");
        assertThat(Replay.command(
                PLAIN.withFaults(Set.of()).with(Size.VOTERS, 9).with(Size.LEARNERS, 8)
                        .with(Size.CLIENTS, 77)))
                .isEqualTo("./jangada simulate --seed 9 --time 60000ms --faults none"
                        + " --voters 9 --learners 8 --clients 77");
    }

    @Test
    void theTestIsOneOfAPromise() {
        Verdict.Broken broken = new Verdict.Broken(
                PLAIN.withFaults(Set.of(Fault.KILL)).with(Size.VOTERS, 9), 1, new TreeMap<>(),
                Duration.ofSeconds(1),
                "planted", new Violation("planted", "here"), List.of("line"));
        assertThat(Replay.test(broken)).isEqualTo("""
                /** planted. */
                @Test
                void seed9() {
                    Scenario scenario = Scenario.of(9L, EnumSet.of(Fault.KILL),
                            Duration.ofMillis(60000)).with(Size.VOTERS, 9);
                    assertThat(Simulation.run(scenario)).isInstanceOf(Verdict.Kept.class);
                }""");
        assertThat(Replay.timeline(broken)).containsExactly("line", "1.000000 planted");
    }
}
