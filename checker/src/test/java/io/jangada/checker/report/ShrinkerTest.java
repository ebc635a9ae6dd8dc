// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.checker.Verdict;
import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.etcd.Effects;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.reference.Corruption;
import io.jangada.checker.reference.Scenario;
import io.jangada.checker.reference.Simulation;
import io.jangada.checker.revision.RevisionChecker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final int CHECKS_MAX = 10_000;

    @Test
    void shrinkingKeepsTheVeryViolation() {
        long before = 0;
        long after = 0;
        for (long seed = 1; seed <= 300; seed++) {
            History history = Corruption.of(Simulation.run(seed, Scenario.full(60)),
                    new Random(seed));
            if (RevisionChecker.check(history) instanceof Violated violated) {
                History shrunk = shrink(history, violated);
                assertThat(RevisionChecker.check(shrunk)).as("seed " + seed).isEqualTo(violated);
                before += history.operations().size();
                after += shrunk.operations().size();
            }
        }
        assertThat(before).isGreaterThan(1_000);
        assertThat(after).as("of " + before).isLessThan(before / 15);
    }

    @Test
    void leavesNothingThatCanGo() {
        History history = Corruption.of(Simulation.run(8, Scenario.small(30, 0)), new Random(8));
        for (long seed = 9; RevisionChecker.check(history) instanceof Verdict.Passed; seed++) {
            history = Corruption.of(history, new Random(seed));
        }
        Violated violated = (Violated) RevisionChecker.check(history);
        History shrunk = shrink(history, violated);
        for (Operation each : shrunk.operations()) {
            List<Operation> rest = new ArrayList<>(shrunk.operations());
            rest.remove(each);
            var omitted = new HashSet<>(shrunk.omitted());
            if (Effects.madeRevision(each.response())) {
                omitted.add(each.response().revision());
            }
            assertThat(RevisionChecker.check(new History(shrunk.initial(), omitted, rest,
                    shrunk.watches()))).isNotEqualTo(violated);
        }
    }

    @Test
    void stopsAtTheBoundOnChecks() {
        History history = Corruption.of(Simulation.run(1, Scenario.full(60)), new Random(1));
        for (long seed = 2; !(RevisionChecker.check(history) instanceof Violated); seed++) {
            history = Corruption.of(history, new Random(seed));
        }
        Violated violated = (Violated) RevisionChecker.check(history);
        int[] checks = {0};
        Shrinker.shrink(each -> {
            checks[0]++;
            return RevisionChecker.check(each);
        }, history, violated, 7);
        assertThat(checks[0]).isEqualTo(7);
    }

    private static History shrink(History history, Violated violated) {
        return Shrinker.shrink(RevisionChecker::check, history, violated, CHECKS_MAX).history();
    }
}
