// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.checker.Verdict;
import io.jangada.checker.history.History;
import io.jangada.checker.linear.LinearResult.Answer;
import io.jangada.checker.reference.Corruption;
import io.jangada.checker.reference.Scenario;
import io.jangada.checker.reference.Simulation;
import io.jangada.checker.revision.RevisionChecker;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The revision-guided check and the search for linearizations, which share no reasoning, agree. */
class CrossCheckTest {
    private static final int SEEDS = 3_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 25})
    void agreesWithTheSearchOverTheWholeStore(int unknownPercent) {
        int legal = 0;
        int illegal = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            History history = Simulation.run(seed, Scenario.small(12, unknownPercent));
            if (seed % 4 != 0) {
                history = Corruption.of(history, new Random(seed));
            }
            Verdict verdict = RevisionChecker.check(history);
            LinearResult result = Linearizability.check(new StoreModel(history.initial()),
                    StoreModel.calls(history));
            assertThat(result.answer()).as("seed %s, %s: %s", seed, verdict, history)
                    .isEqualTo(verdict instanceof Verdict.Passed ? Answer.OK : Answer.ILLEGAL);
            legal += result.answer() == Answer.OK ? 1 : 0;
            illegal += result.answer() == Answer.ILLEGAL ? 1 : 0;
        }
        assertThat(legal).isGreaterThan(SEEDS / 5);
        assertThat(illegal).isGreaterThan(SEEDS / 5);
    }

    @Test
    void whatPassesIsLinearizableKeyByKeyWithoutItsRevisions() {
        for (long seed = 1; seed <= 300; seed++) {
            History history = Simulation.run(seed, Scenario.full(40));
            assertThat(RevisionChecker.check(history)).as("seed " + seed)
                    .isInstanceOf(Verdict.Passed.class);
            assertThat(keyByKey(history).answer()).as("seed " + seed).isEqualTo(Answer.OK);
        }
    }

    @Test
    void whatIsIllegalKeyByKeyIsCaught() {
        int illegal = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            History history = Corruption.of(Simulation.run(seed, Scenario.full(40)),
                    new Random(seed));
            if (keyByKey(history).answer() == Answer.ILLEGAL) {
                illegal++;
                assertThat(RevisionChecker.check(history)).as("seed " + seed)
                        .isInstanceOf(Verdict.Violated.class);
            }
        }
        assertThat(illegal).isGreaterThan(SEEDS / 20);
    }

    private static LinearResult keyByKey(History history) {
        return Linearizability.check(new KeyModel(), KeyCalls.of(history),
                call -> call.input().key(), 100_000);
    }
}
