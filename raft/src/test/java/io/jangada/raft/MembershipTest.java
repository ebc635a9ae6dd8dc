// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of membership as the core logs and applies them: group F. */
final class MembershipTest {
    private static long pendingConfIndex(TestNode leader) {
        return ((Leader) leader.raft.role()).proposals().pendingConfIndex();
    }

    @Test
    @DisplayName("F1 a change is appended and pending")
    void f1ChangeIsPending() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        var change = TestNode.change(ConfChangeType.ADD_NODE, 3);
        leader.propose(change);
        assertThat(leader.log()).last().isEqualTo(
                new Entry(1, 2, EntryType.CONF_CHANGE, ConfChangeCodec.encode(change)));
        assertThat(pendingConfIndex(leader)).isEqualTo(2);
    }

    @Test
    @DisplayName("F2 a second change becomes an empty entry")
    void f2SecondChangeIsEmptied() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        leader.propose(TestNode.change(ConfChangeType.ADD_NODE, 3));
        leader.propose(TestNode.change(ConfChangeType.ADD_NODE, 4));
        assertThat(leader.log()).hasSize(3).last()
                .isEqualTo(new Entry(1, 3, EntryType.NORMAL, Bytes.EMPTY));
        assertThat(pendingConfIndex(leader)).isEqualTo(2);
    }

    @ParameterizedTest(name = "log of {0} entries")
    @ValueSource(ints = {0, 1})
    @DisplayName("F3 a new leader takes its whole log for a pending change")
    void f3NewLeaderAssumesPending(int count) {
        long[] terms = count == 0 ? new long[]{} : new long[]{1};
        TestNode leader = TestNode.withLog(1, new HardState(1, 0, 0), terms, 1, 2).leader();
        assertThat(pendingConfIndex(leader)).isEqualTo(count);
        assertThat(leader.raft.log().lastIndex()).isEqualTo(count + 1L);
    }

    @Test
    @DisplayName("F4 a voter is added")
    void f4AddVoter() {
        TestNode node = TestNode.of(1, 1);
        assertThat(node.apply(ConfChangeType.ADD_NODE, 2)).isEqualTo(TestNode.voters(1, 2));
        assertThat(node.raft.tracker().voterIds()).containsExactly(1, 2);
    }

    @Test
    @DisplayName("F5 learners are added and promoted, voters demoted")
    void f5Learners() {
        TestNode node = TestNode.of(1, 1);
        assertThat(node.apply(ConfChangeType.ADD_LEARNER_NODE, 2))
                .isEqualTo(TestNode.members(List.of(1L), List.of(2L)));
        assertThat(node.progress(2).isLearner()).isTrue();
        assertThat(node.apply(ConfChangeType.ADD_NODE, 2)).isEqualTo(TestNode.voters(1, 2));
        assertThat(node.progress(2).isLearner()).isFalse();
        assertThat(node.apply(ConfChangeType.ADD_LEARNER_NODE, 1))
                .isEqualTo(TestNode.members(List.of(2L), List.of(1L)));
        assertThat(node.progress(1).isLearner()).isTrue();
        assertThat(node.apply(ConfChangeType.ADD_NODE, 1)).isEqualTo(TestNode.voters(1, 2));
        assertThat(node.progress(1).isLearner()).isFalse();
    }

    @Test
    @DisplayName("F6 a voter is removed, the last one is not")
    void f6RemoveVoter() {
        assertLastVoterStays(TestNode.of(1, 1, 2));
    }

    @Test
    @DisplayName("F7 a learner is removed, the last voter is not")
    void f7RemoveLearner() {
        assertLastVoterStays(
                TestNode.ofMembers(1, TestNode.members(List.of(1L), List.of(2L))));
    }

    private static void assertLastVoterStays(TestNode node) {
        assertThat(node.apply(ConfChangeType.REMOVE_NODE, 2)).isEqualTo(TestNode.voters(1));
        assertThat(node.raft.tracker().ids()).containsExactly(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> node.apply(ConfChangeType.REMOVE_NODE, 1));
        assertThat(node.raft.tracker().config().toConfState()).isEqualTo(TestNode.voters(1));
    }
}
