// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a leader knows of one member: group O. */
final class ProgressTest {
    private static Progress progress(long match, long next, int window) {
        var progress = new Progress(next, new Inflights(window, 0), false);
        progress.maybeUpdate(match);
        return progress;
    }

    @Test
    @DisplayName("O5 the text has all parts in their order")
    void o5Text() {
        Progress progress = progress(1, 2, 1);
        progress.setLearner(true);
        progress.becomeSnapshot(123);
        progress.inflights().add(123, 0);
        assertThat(progress).hasToString("StateSnapshot match=1 next=124 learner paused"
                + " pendingSnap=123 inactive inflight=1[full]");
    }

    @ParameterizedTest
    @DisplayName("O6 a snapshot pauses always, else the flag decides")
    @EnumSource(ProgressState.class)
    void o6Paused(ProgressState state) {
        Progress progress = progress(1, 2, 8);
        switch (state) {
            case PROBE -> progress.becomeProbe();
            case REPLICATE -> progress.becomeReplicate();
            case SNAPSHOT -> progress.becomeSnapshot(10);
        }
        assertThat(progress.isPaused()).isEqualTo(state == ProgressState.SNAPSHOT);
        progress.setFlowPaused(true);
        assertThat(progress.isPaused()).isTrue();
    }

    @Test
    @DisplayName("O7 a lowered next and a raised match resume")
    void o7Resume() {
        Progress progress = progress(0, 2, 8);
        progress.setFlowPaused(true);
        assertThat(progress.maybeDecreaseTo(1, 1)).isTrue();
        assertThat(progress.isFlowPaused()).isFalse();
        progress.setFlowPaused(true);
        assertThat(progress.maybeUpdate(2)).isTrue();
        assertThat(progress.isFlowPaused()).isFalse();
    }

    @ParameterizedTest
    @DisplayName("O8 probing starts behind what matches, or behind the snapshot")
    @CsvSource({"REPLICATE,0,2", "SNAPSHOT,10,11", "SNAPSHOT,0,2"})
    void o8BecomeProbe(ProgressState from, long pending, long next) {
        Progress progress = progress(1, 5, 8);
        if (from == ProgressState.REPLICATE) {
            progress.becomeReplicate();
            progress.sentEntries(3, 0);
        } else {
            progress.becomeSnapshot(10);
            if (pending == 0) {
                progress.forgetPendingSnapshot();
            }
        }
        progress.becomeProbe();
        assertThat(progress.state()).isEqualTo(ProgressState.PROBE);
        assertThat(progress.match()).isEqualTo(1);
        assertThat(progress.next()).isEqualTo(next);
        assertThat(progress.inflights().count()).isZero();
    }

    @Test
    @DisplayName("O9 replicating starts behind what matches, a snapshot stays pending")
    void o9Become() {
        Progress progress = progress(1, 5, 8);
        progress.becomeReplicate();
        assertThat(progress.next()).isEqualTo(2);
        assertThat(progress.match()).isEqualTo(1);
        progress.becomeSnapshot(10);
        assertThat(progress.pendingSnapshot()).isEqualTo(10);
        assertThat(progress.match()).isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName("O10 an acknowledgement raises match and next, never lowers them")
    @CsvSource({"2,false,3,5", "3,false,3,5", "4,true,4,5", "5,true,5,6"})
    void o10Update(long index, boolean news, long match, long next) {
        Progress progress = progress(3, 5, 8);
        assertThat(progress.maybeUpdate(index)).isEqualTo(news);
        assertThat(progress.match()).isEqualTo(match);
        assertThat(progress.next()).isEqualTo(next);
    }

    @Test
    @DisplayName("who denies what it had is asked again at once only once")
    void deniesWhatItHad() {
        Progress progress = progress(5, 6, 8);
        assertThat(progress.maybeDecreaseTo(5, 1)).isTrue();
        assertThat(progress.maybeDecreaseTo(5, 1)).isFalse();
        progress.setFlowPaused(false); // A heartbeat was answered.
        assertThat(progress.maybeDecreaseTo(5, 1)).isTrue();
        assertThat(progress.next()).isEqualTo(6);
    }

    @ParameterizedTest
    @DisplayName("a rejection lowers next, unless it is an old one")
    @CsvSource({"REPLICATE,5,10,5,5,false,10", "REPLICATE,5,10,4,4,false,10",
        "REPLICATE,5,10,9,9,true,6", "PROBE,0,10,5,5,false,10",
        "PROBE,0,10,9,9,true,9", "PROBE,0,2,1,1,true,1", "PROBE,0,1,0,0,true,1",
        "PROBE,0,10,9,2,true,3", "PROBE,0,10,9,0,true,1"})
    void decreases(ProgressState state, long match, long next, long rejected, long hint,
            boolean lowered, long expected) {
        Progress progress = progress(match, state == ProgressState.PROBE ? next : 0, 8);
        if (state == ProgressState.REPLICATE) {
            progress.becomeReplicate();
            progress.sentEntries((int) (next - match - 1), 0);
        }
        assertThat(progress.maybeDecreaseTo(rejected, hint)).isEqualTo(lowered);
        assertThat(progress.next()).isEqualTo(expected);
    }
}
