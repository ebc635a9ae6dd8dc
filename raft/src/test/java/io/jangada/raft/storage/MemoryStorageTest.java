// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log in memory: group N, and the cut of lists, P8. */
final class MemoryStorageTest {
    private static final int SIZE = entry(1, 1).encodedBytes();

    private static Entry entry(long term, long index) {
        return new Entry(term, index, EntryType.NORMAL, Bytes.EMPTY);
    }

    private static Snapshot snapshot(long index) {
        return new Snapshot(new EntryId(index, index), ConfState.EMPTY, Bytes.EMPTY);
    }

    /** Begins behind entry 3 and goes on to {@code last}; terms are indexes. */
    private static MemoryStorage storage(long last) throws SnapshotOutOfDateException {
        var storage = new MemoryStorage();
        storage.applySnapshot(snapshot(3));
        for (long index = 4; index <= last; index++) {
            storage.append(List.of(entry(index, index)));
        }
        return storage;
    }

    @Test
    @DisplayName("N1 terms are known from the entry before the first on")
    void n1Term() throws Exception {
        MemoryStorage storage = storage(5);
        assertThatThrownBy(() -> storage.term(2)).isInstanceOf(CompactedException.class);
        for (long index = 3; index <= 5; index++) {
            assertThat(storage.term(index)).isEqualTo(index);
        }
        assertThatThrownBy(() -> storage.term(6)).isInstanceOf(UnavailableException.class);
    }

    @ParameterizedTest
    @DisplayName("N2 a range is complete, or cut to the limit but not below one entry")
    @CsvSource({"4,5,100,1", "4,6,100,2", "4,7,100,3", "4,7,0,1", "4,7,2,2", "4,7,2.5,2",
        "4,7,3,3"})
    void n2Entries(long from, long to, double sizes, int count) throws Exception {
        List<Entry> found = storage(6).entries(from, to, (long) (sizes * SIZE));
        assertThat(found).hasSize(count).first().isEqualTo(entry(from, from));
    }

    @ParameterizedTest
    @DisplayName("N2 a range that begins too low is compacted")
    @CsvSource({"2,6", "3,4"})
    void n2Compacted(long from, long to) throws Exception {
        MemoryStorage storage = storage(6);
        assertThatThrownBy(() -> storage.entries(from, to, 100))
                .isInstanceOf(CompactedException.class);
    }

    @Test
    @DisplayName("N3 first and last index follow appends and compactions")
    void n3FirstAndLast() throws Exception {
        MemoryStorage storage = storage(5);
        assertThat(storage.lastIndex()).isEqualTo(5);
        storage.append(List.of(entry(6, 6)));
        assertThat(storage.lastIndex()).isEqualTo(6);
        assertThat(storage.firstIndex()).isEqualTo(4);
        storage.compact(4);
        assertThat(storage.firstIndex()).isEqualTo(5);
    }

    @Test
    @DisplayName("N4 a compaction takes its index along")
    void n4Compact() throws Exception {
        for (long gone : new long[]{2, 3}) {
            MemoryStorage storage = storage(5);
            assertThatThrownBy(() -> storage.compact(gone)).isInstanceOf(CompactedException.class);
        }
        for (long index : new long[]{4, 5}) {
            MemoryStorage storage = storage(5);
            storage.compact(index);
            assertThat(storage.firstIndex()).isEqualTo(index + 1);
            assertThat(storage.lastIndex()).isEqualTo(5);
            assertThat(storage.term(index)).isEqualTo(index);
        }
    }

    @ParameterizedTest
    @DisplayName("N6 an append replaces what follows and leaves out what is compacted")
    @CsvSource({"1,1 2,4 5", "3,3 4 5,4 5", "3,3 6 6,6 6", "3,3 4 5 5,4 5 5", "2,3 3 5,5",
        "4,5,5", "6,5,4 5 5"})
    void n6Append(long from, String terms, String expected) throws Exception {
        MemoryStorage storage = storage(5);
        var added = new ArrayList<Entry>();
        for (String term : terms.split(" ", -1)) {
            added.add(entry(Long.parseLong(term), from + added.size()));
        }
        storage.append(added);
        List<Entry> all = storage.entries(4, storage.lastIndex() + 1, Long.MAX_VALUE);
        assertThat(all.stream().map(entry -> "" + entry.term()).toList())
                .containsExactly(expected.split(" ", -1));
        assertThat(all.getFirst().index()).isEqualTo(4);
        assertThat(storage.term(3)).isEqualTo(3);
    }

    @Test
    @DisplayName("N7 an older snapshot is refused, one of a configuration alone is not")
    void n7Snapshot() throws Exception {
        var storage = new MemoryStorage();
        storage.applySnapshot(new Snapshot(EntryId.ZERO, ConfState.ofVoters(List.of(1L)),
                Bytes.EMPTY));
        assertThat(storage.initialState().confState().voters()).containsExactly(1L);
        storage.applySnapshot(snapshot(4));
        assertThatThrownBy(() -> storage.applySnapshot(snapshot(3)))
                .isInstanceOf(SnapshotOutOfDateException.class);
    }

    @ParameterizedTest
    @DisplayName("P8 a list is cut to the limit but not below one entry")
    @CsvSource({"1000000,3", "0,1", "2,2", "2.9,2", "3,3"})
    void p8Slice(double sizes, int count) {
        List<Entry> entries = List.of(entry(4, 4), entry(5, 5), entry(6, 6));
        assertThat(EntrySlices.slice(entries, 0, 3, (long) (sizes * SIZE))).hasSize(count);
        assertThat(EntrySlices.slice(entries, 0, 3, Long.MAX_VALUE)).hasSize(3);
    }
}
