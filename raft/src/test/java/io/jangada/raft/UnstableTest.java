// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The part of the log that storage has not acknowledged: group M. */
final class UnstableTest {
    private static Entry entry(long index) {
        return new Entry(1, index, EntryType.NORMAL, Bytes.EMPTY);
    }

    private static Snapshot snapshot(long index) {
        return new Snapshot(new EntryId(1, index), ConfState.EMPTY, Bytes.EMPTY);
    }

    /** With a snapshot, if its index is not 0, and {@code count} entries from 5 on. */
    private static Unstable unstable(long snapshotIndex, int count) {
        var unstable = new Unstable(5, RaftTracer.NONE);
        if (snapshotIndex != 0) {
            unstable.restore(snapshot(snapshotIndex));
        }
        for (long index = 5; index < 5 + count; index++) {
            unstable.truncateAndAppend(List.of(entry(index)));
        }
        return unstable;
    }

    @Test
    @DisplayName("M1 the first index is that behind the snapshot, if there is one")
    void m1FirstIndex() {
        var log = new RaftLog(new MemoryStorage(), RaftTracer.NONE, Long.MAX_VALUE);
        assertThat(log.firstIndex()).isEqualTo(1);
        log.restore(snapshot(4));
        assertThat(log.firstIndex()).isEqualTo(5);
    }

    @ParameterizedTest
    @DisplayName("M2 the last index is the last entry's, else the snapshot's, else unknown")
    @CsvSource({"0,1,5", "4,1,5", "4,0,4", "0,0,0"})
    void m2LastIndex(long snapshotIndex, int count, long expected) {
        assertThat(unstable(snapshotIndex, count).lastIndexOrZero()).isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("M3 terms of entries and of the snapshot are known, others are not")
    @CsvSource({"0,1,5,1", "0,1,4,-1", "0,1,6,-1", "4,1,4,1", "4,1,3,-1", "4,1,5,1", "4,1,6,-1",
        "4,0,4,1", "4,0,5,-1", "0,0,5,-1"})
    void m3Term(long snapshotIndex, int count, long index, long expected) {
        assertThat(unstable(snapshotIndex, count).term(index)).isEqualTo(expected);
    }

    @Test
    @DisplayName("M4 restoring a snapshot leaves nothing else")
    void m4Restore() {
        Unstable unstable = unstable(4, 1);
        unstable.acceptInProgress();
        unstable.restore(snapshot(6));
        assertThat(unstable.offset()).isEqualTo(7);
        assertThat(unstable.offsetInProgress()).isEqualTo(7);
        assertThat(unstable.count()).isZero();
        assertThat(unstable.nextSnapshot()).isEqualTo(snapshot(6));
    }

    @Test
    @DisplayName("M5 what was handed out is not handed out again")
    void m5NextEntries() {
        Unstable unstable = unstable(0, 2);
        assertThat(unstable.nextEntries()).containsExactly(entry(5), entry(6));
        Unstable partly = unstable(0, 1);
        partly.acceptInProgress();
        partly.truncateAndAppend(List.of(entry(6)));
        assertThat(partly.nextEntries()).containsExactly(entry(6));
        partly.acceptInProgress();
        assertThat(partly.nextEntries()).isEmpty();
        assertThat(partly.hasNextEntries()).isFalse();
    }

    @ParameterizedTest
    @DisplayName("M7 handing out moves behind the last entry and takes the snapshot along")
    @CsvSource({"0,0,5", "0,1,6", "0,2,7", "4,0,5", "4,2,7"})
    void m7Accept(long snapshotIndex, int count, long inProgress) {
        Unstable unstable = unstable(snapshotIndex, count);
        for (int times = 0; times < 2; times++) {
            unstable.acceptInProgress();
            assertThat(unstable.offsetInProgress()).isEqualTo(inProgress);
            assertThat(unstable.nextSnapshot()).isEqualTo(Snapshot.EMPTY);
            assertThat(unstable.snapshot().index()).isEqualTo(snapshotIndex);
        }
    }

    @ParameterizedTest
    @DisplayName("M9 appending at the end keeps what is under way, appending below replaces it")
    @CsvSource({"6,2,5,6,3", "5,2,5,5,2", "4,3,4,4,3"})
    void m9Append(long from, int added, long offset, long inProgress, int count) {
        Unstable unstable = unstable(0, 1);
        unstable.acceptInProgress();
        var entries = new ArrayList<Entry>();
        for (long index = from; index < from + added; index++) {
            entries.add(new Entry(2, index, EntryType.NORMAL, Bytes.EMPTY));
        }
        unstable.truncateAndAppend(entries);
        assertThat(unstable.offset()).isEqualTo(offset);
        assertThat(unstable.offsetInProgress()).isEqualTo(inProgress);
        assertThat(unstable.count()).isEqualTo(count);
        assertThat(unstable.term(from)).isEqualTo(2);
    }
}
