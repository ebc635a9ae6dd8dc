// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Message;
import io.jangada.raft.tracker.ProgressState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a leader does when it hears how the transfer of a snapshot ended. */
class SnapshotReportTest {
    private final RecordedTracer record = new RecordedTracer();
    private final TestNode leader = TestNode.of(1, options -> options.tracer(record.tracer()),
            1, 2, 3).leader();

    private void report(boolean delivered) {
        record.take();
        leader.raft.step(new LocalEvent.SnapshotReport(2, delivered));
    }

    @ParameterizedTest
    @CsvSource({
        "true,  12, snapshotDelivered 2 StateProbe match=0 next=12 inactive",
        "false, 1,  snapshotFailed 2 StateProbe match=0 next=1 inactive"})
    void probesBehindTheSnapshotOrFromTheStart(boolean delivered, long next, String heard) {
        leader.progress(2).becomeSnapshot(11);
        report(delivered);
        assertThat(record.take()).containsExactly(heard);
        assertThat(leader.progress(2).state()).isEqualTo(ProgressState.PROBE);
        assertThat(leader.progress(2).next()).isEqualTo(next);
        assertThat(leader.progress(2).pendingSnapshot()).isZero();
    }

    @Test
    void waitsForAnAnswerBeforeItGoesOn() {
        leader.progress(2).becomeSnapshot(1);
        report(false);
        assertThat(leader.progress(2).isPaused()).isTrue();
        leader.propose("data");
        assertThat(leader.messages(Message.AppendRequest.class))
                .noneMatch(message -> message.to() == 2);
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, 0));
        assertThat(leader.messages(Message.AppendRequest.class))
                .anyMatch(message -> message.to() == 2);
    }

    @Test
    void aReportThatNobodyWaitsForChangesNothing() {
        String before = leader.progress(2).toString();
        report(true);
        assertThat(leader.progress(2)).hasToString(before);
        assertThat(record.take()).isEmpty();
        leader.raft.becomeFollower(1, 2);
        report(true);
        assertThat(record.take()).isEmpty();
    }
}
