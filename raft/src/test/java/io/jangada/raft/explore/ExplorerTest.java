// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Raft's properties hold in every state that is reachable within a small scope, and what breaks them
 * is found. The smaller scopes are explored to their ends; of the larger ones the property {@code
 * jangada.explore.states} says how many states are explored in all.
 */
class ExplorerTest {
    private static final int STATES = Integer.getInteger("jangada.explore.states", 1_100_000);
    private static final int STARTS = 10;
    private static final int STATES_TO_A_FAULT = 400_000;

    private static final Scope FIXED = Scope.ofVoters(1L, 2L, 3L);
    private static final Scope PAIR = Scope.ofVoters(1L, 2L);

    static Stream<Arguments> scopes() {
        return Stream.of(
                explored("fixed members", FIXED,
                        List.of(Start.FRESH, Start.HANDED_OVER, Start.OLD_ENTRY)),
                explored("slow disks", FIXED.slowDisk(), List.of(Start.LEADER, Start.TWO_LEADERS)),
                explored("member 3 is removed",
                        FIXED.changing(simple(ConfChangeType.REMOVE_NODE, 3)),
                        List.of(Start.CHANGING)),
                explored("the leader is removed",
                        FIXED.changing(simple(ConfChangeType.REMOVE_NODE, 1)),
                        List.of(Start.CHANGING)),
                explored("member 3 is demoted",
                        FIXED.changing(simple(ConfChangeType.ADD_LEARNER_NODE, 3)),
                        List.of(Start.CHANGING)),
                explored("member 3 is added",
                        PAIR.changing(simple(ConfChangeType.ADD_NODE, 3)), List.of(Start.CHANGING)),
                explored("member 3 takes the place of 2", PAIR.changing(replacement()),
                        List.of(Start.CHANGING)));
    }

    private static Arguments explored(String name, Scope scope,
            List<Start> starts) {
        return Arguments.of(name, scope, starts);
    }

    private static ConfChange simple(ConfChangeType type, long member) {
        return new ConfChange.V1(0, new ConfChangeSingle(type, member), Bytes.EMPTY);
    }

    private static ConfChange replacement() {
        return new ConfChange.V2(ConfChangeTransition.AUTO,
                List.of(new ConfChangeSingle(ConfChangeType.ADD_NODE, 3),
                        new ConfChangeSingle(ConfChangeType.REMOVE_NODE, 2)),
                Bytes.EMPTY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scopes")
    void everyStateHasTheProperties(String name, Scope scope,
            List<Start> starts) {
        var explorer = new Explorer(scope);
        for (Start start : starts) {
            Explorer.Result result = explorer.explore(start.state(explorer),
                    STATES / STARTS);
            report(name, explorer, result);
            assertThat(result.violation()).as(name).isEmpty();
            assertThat(result.ended() || result.states() >= STATES / STARTS).as(name).isTrue();
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("election safety", FIXED, Start.FRESH, Faults.ForgetsVotes::new),
                fault("election safety", FIXED, Start.FRESH, Faults.ForgetsTerms::new),
                fault("commit durability", FIXED, Start.FRESH, Faults.AcknowledgesUnwritten::new),
                fault("leader completeness", FIXED, Start.COMMITTED,
                        Faults.IgnoresLogsOfCandidates::new),
                fault("leader completeness", FIXED, Start.OLD_ENTRY, Faults.CommitsByCounting::new),
                fault("state machine safety", FIXED, Start.TWO_LEADERS,
                        Faults.HeartbeatsWithFullCommit::new));
    }

    private static Arguments fault(String property, Scope scope, Start start,
            Supplier<Fault> fault) {
        return Arguments.of(property, fault.get().getClass().getSimpleName(), scope.broken(fault),
                start);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("faults")
    void faultsAreFound(String property, String name, Scope scope, Start start) {
        var explorer = new Explorer(scope);
        Explorer.Result result = explorer.explore(start.state(explorer),
                STATES_TO_A_FAULT);
        assertThat(result.violation()).as(name).startsWith(property);
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 0, 0, 100288", "1, 1, 1, 1, 564904"})
    void everyStateOfASmallerScopeHasTheProperties(int terms, int entries, int crashes,
            int heartbeats, int states) {
        var limits = new Scope.Limits(terms, entries, crashes, heartbeats);
        var explorer = new Explorer(FIXED.within(limits));
        Explorer.Result result = explorer.explore(explorer.start(), Integer.MAX_VALUE);
        report(limits.toString(), explorer, result);
        assertThat(result.violation()).isEmpty();
        assertThat(result.ended()).isTrue();
        // Not a rule: a change of the core may change it, and then one should know why.
        assertThat(result.states()).isEqualTo(states);
    }

    private static void report(String name, Explorer explorer, Explorer.Result result) {
        System.out.printf("explored %s: %,d states, depth %d, %,d steps, %,d states of members%n",
                name, result.states(), result.depth(), result.steps(),
                explorer.table().localCount());
    }
}
