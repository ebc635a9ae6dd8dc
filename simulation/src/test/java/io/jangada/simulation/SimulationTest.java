// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Fresh seeds: {@code -Djangada.seed} says the first, {@code -Djangada.seeds} how many. */
class SimulationTest {
    private static final long FIRST_SEED = Long.getLong("jangada.seed",
            System.nanoTime() & 0xffffff);
    private static final int SEEDS = Integer.getInteger("jangada.seeds", 20);

    @Test
    void everyPromiseIsKept() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Scenario scenario = Scenario.of(seed, EnumSet.allOf(Fault.class),
                    Duration.ofSeconds(60));
            Verdict verdict = Simulation.run(scenario);
            if (verdict instanceof Verdict.Broken broken) {
                broken.lines().stream().skip(Math.max(0, broken.lines().size() - 60))
                        .forEach(System.out::println);
                broken.cause().printStackTrace(System.out);
            }
            System.out.println(verdict instanceof Verdict.Kept ? verdict : "BROKEN " + scenario);
            assertThat(verdict).isInstanceOf(Verdict.Kept.class);
        }
    }
}
