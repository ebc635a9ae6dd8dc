// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.checker.Verdict;
import io.jangada.checker.history.History;
import io.jangada.checker.reference.Scenario;
import io.jangada.checker.reference.Simulation;
import org.junit.jupiter.api.Test;

/** Correct histories pass. */
class RevisionCheckerTest {
    private static final int SEEDS = 400;

    @Test
    void passesWhatACorrectStoreDid() {
        long holes = 0;
        long events = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            History history = Simulation.run(seed, Scenario.full(150));
            Verdict verdict = RevisionChecker.check(history);
            assertThat(verdict).as("seed " + seed).isInstanceOf(Verdict.Passed.class);
            if (verdict instanceof Verdict.Passed(var figures)) {
                holes += figures.holes();
                events += figures.events();
            }
        }
        assertThat(holes).as("revisions of unknown writers").isGreaterThan(SEEDS);
        assertThat(events).as("events").isGreaterThan(SEEDS);
    }
}
