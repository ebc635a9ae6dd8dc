// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.MemoryState;
import io.jangada.raftnode.MemoryStateMachine;
import io.jangada.raftnode.ProposalResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaftClusterTest {

    /** The embedding guide's counter. */
    private static final class Counter implements MemoryState<Long> {
        private long count;

        @Override
        public Long apply(Bytes command) {
            count += Long.parseLong(command.toUtf8());
            return count;
        }

        @Override
        public Bytes save() {
            return Bytes.utf8(Long.toString(count));
        }

        @Override
        public void load(Bytes saved) {
            count = Long.parseLong(saved.toUtf8());
        }
    }

    private static RaftCluster<Long, Counter> counters(int members, long seed) {
        return RaftCluster.start(members, seed, Counter::new, MemoryStateMachine::new);
    }

    private static long add(RaftCluster<Long, Counter> counters, long amount) {
        ProposalResult<Long> result = counters.propose(Bytes.utf8(Long.toString(amount)));
        assertThat(result).isInstanceOf(ProposalResult.Applied.class);
        return ((ProposalResult.Applied<Long>) result).result();
    }

    @Test
    void acknowledgedCommandsSurviveTheLeadersCrash() {
        try (var counters = counters(3, 1)) {
            assertThat(add(counters, 40)).isEqualTo(40);
            long first = counters.leader();
            counters.crash(first);
            assertThat(add(counters, 2)).isEqualTo(42);
            counters.restart(first);
            counters.await(() -> counters.state(first).count == 42);
            assertThat(counters.leader()).isNotEqualTo(first);
        }
    }

    @Test
    void allMembersMayCrashAtOnce() {
        try (var counters = counters(5, 2)) {
            add(counters, 7);
            for (long member = 1; member <= 5; member++) {
                counters.crash(member);
            }
            for (long member = 1; member <= 5; member++) {
                counters.restart(member);
            }
            assertThat(add(counters, 1)).isEqualTo(8);
        }
    }

    @Test
    void whoeverIsCutOffDoesNotLead() {
        try (var counters = counters(3, 3)) {
            long first = counters.leader();
            counters.isolate(first);
            add(counters, 5);
            assertThat(counters.leader()).isNotEqualTo(first);
            assertThat(counters.state(first).count).isZero();
            counters.heal();
            counters.await(() -> counters.state(first).count == 5);
        }
    }

    @Test
    void whatOneDoesNotHearOthersMay() {
        try (var counters = counters(3, 4)) {
            long leader = counters.leader();
            long deaf = leader % 3 + 1;
            counters.cut(leader, deaf);
            assertThat(add(counters, 5)).isEqualTo(5);
            counters.heal();
            counters.await(() -> counters.state(deaf).count == 5);
        }
    }

    @Test
    void aSeedIsARun() {
        assertThat(terms(11)).isEqualTo(terms(11));
        assertThat(List.of(terms(11), terms(12), terms(13), terms(14))).as("other runs")
                .doesNotHaveDuplicates();
    }

    /* Who led in which term at which applied index, when the leader crashes again and again. */
    private static List<String> terms(long seed) {
        List<String> seen = new ArrayList<>();
        try (var counters = counters(5, seed)) {
            for (int round = 0; round < 6; round++) {
                long leader = counters.leader();
                seen.add(counters.node(leader).status().toString());
                counters.crash(leader);
                counters.runFor(Duration.ofMillis(500));
                counters.restart(leader);
            }
        }
        return seen;
    }

    @Test
    void withoutAMajorityItIsToldThatNobodyLeads() {
        try (var counters = counters(3, 1)) {
            counters.crash(1);
            counters.crash(2);
            assertThatThrownBy(counters::leader).isInstanceOf(AssertionError.class)
                    .hasMessage("nobody leads a majority after PT1M of virtual time;"
                            + " of 3 members these run: [3]");
        }
    }

    @Test
    void whatMakesNoSenseIsTheCallersMistake() {
        assertThatThrownBy(() -> counters(8, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8");
        try (var counters = counters(1, 1)) {
            assertThatThrownBy(() -> counters.state(2)).hasMessageContaining("member 2");
            assertThatThrownBy(() -> counters.restart(1)).hasMessageContaining("member 1");
            assertThatThrownBy(() -> counters.crash(9)).hasMessageContaining("member 9");
            assertThatThrownBy(() -> counters.isolate(9)).hasMessage("no member: 9");
            assertThatThrownBy(() -> counters.cut(1, 9)).hasMessage("no member: 9");
            assertThatThrownBy(() -> counters.cut(9, 1)).hasMessage("no member: 9");
        }
    }
}
