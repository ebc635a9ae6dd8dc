// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.InvariantViolation;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The log over its storage: group L. */
final class LogTest {
    private static final long ALL = Long.MAX_VALUE;

    /** Entries from {@code first} on with these terms, separated by spaces. */
    private static List<Entry> entries(long first, String terms) {
        var entries = new ArrayList<Entry>();
        for (String term : terms.isBlank() ? new String[0] : terms.split(" ", -1)) {
            entries.add(entry(Long.parseLong(term), first + entries.size()));
        }
        return entries;
    }

    private static Entry entry(long term, long index) {
        return new Entry(term, index, EntryType.NORMAL, Bytes.EMPTY);
    }

    private static List<Entry> range(long from, long to, long termOffset) {
        return LongStream.range(from, to).mapToObj(index -> entry(index - termOffset, index))
                .toList();
    }

    private static RaftLog log(MemoryStorage storage) {
        return new RaftLog(storage, RaftTracer.NONE, ALL);
    }

    private static RaftLog unstableLog(String terms) {
        RaftLog log = log(new MemoryStorage());
        log.append(entries(1, terms));
        return log;
    }

    private static Snapshot snapshot(long term, long index) {
        return new Snapshot(new EntryId(term, index), ConfState.EMPTY, Bytes.EMPTY);
    }

    private static MemoryStorage storageAt(long term, long index)
            throws SnapshotOutOfDateException {
        var storage = new MemoryStorage();
        storage.applySnapshot(snapshot(term, index));
        return storage;
    }

    private static List<Long> indexes(List<Entry> entries) {
        return entries.stream().map(Entry::index).toList();
    }

    @ParameterizedTest
    @DisplayName("L1 finds the first entry that is new or conflicts")
    @CsvSource({"1,'',0", "1,1 2 3,0", "2,2 3,0", "3,3,0", "1,1 2 3 4 4,4", "2,2 3 4 5,4",
        "3,3 4 4,4", "4,4 4,4", "1,4 4,1", "2,1 4 4,2", "3,1 2 4 4,3"})
    void l1FirstMissing(long start, String terms, long expected) {
        List<Entry> incoming = entries(start, terms);
        int position = unstableLog("1 2 3").firstMissing(incoming);
        assertThat(position == incoming.size() ? 0 : incoming.get(position).index())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("L2 finds where a log of lower terms may match")
    @CsvSource({"100,2,100", "5,6,5", "5,5,5", "5,4,2", "5,2,2", "5,1,0", "1,2,1", "1,1,0",
        "0,0,0"})
    void l2ConflictByTerm(long index, long term, long expected) {
        EntryId found = unstableLog("2 2 5 5 5").findConflictByTerm(index, term);
        assertThat(found.index()).isEqualTo(expected);
        assertThat(found.term()).isLessThanOrEqualTo(term);
    }

    @ParameterizedTest
    @DisplayName("L4 a log is up to date by term, then by index")
    @CsvSource({"4,2,true", "4,3,true", "4,4,true", "2,2,false", "2,3,false", "2,4,false",
        "3,2,false", "3,3,true", "3,4,true"})
    void l4UpToDate(long term, long index, boolean expected) {
        assertThat(unstableLog("1 2 3").isUpToDate(new EntryId(term, index)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("L5 appending replaces what follows")
    @CsvSource({"3,'',2,1 2,3", "3,2,3,1 2 2,3", "1,2,1,2,1", "2,3 3,3,1 3 3,2"})
    void l5Append(long start, String terms, long last, String all, long unstableFrom)
            throws CompactedException {
        var storage = new MemoryStorage();
        storage.append(entries(1, "1 2"));
        RaftLog log = log(storage);
        log.append(entries(start, terms));
        assertThat(log.lastIndex()).isEqualTo(last);
        assertThat(log.entries(1, ALL)).isEqualTo(entries(1, all));
        assertThat(log.unstable().offset()).isEqualTo(unstableFrom);
    }

    @ParameterizedTest
    @DisplayName("L6 an append that matches commits as far as the leader and the message go")
    @CsvSource({"2,3,3,-1,1", "3,4,3,-1,1", "3,3,3,3,3", "3,3,4,3,3", "3,3,2,3,2", "3,3,0,3,1",
        "0,0,3,0,1"})
    void l6AppendMatching(long term, long index, long leaderCommit, long last, long committed) {
        RaftLog log = unstableLog("1 2 3");
        log.commitTo(1);
        var previous = new EntryId(term, index);
        long answer = log.matches(previous)
                ? log.appendMatching(previous, List.of(), leaderCommit)
                : -1;
        assertThat(answer).isEqualTo(last);
        assertThat(log.committed()).isEqualTo(committed);
    }

    @Test
    @DisplayName("L8 compaction does not disturb what follows")
    void l8CompactionSideEffects() throws Exception {
        var storage = new MemoryStorage();
        storage.append(range(1, 751, 0));
        RaftLog log = log(storage);
        log.append(range(751, 1001, 0));
        log.commitTo(750);
        log.appliedTo(750, 0);
        storage.compact(500);
        assertThat(log.lastIndex()).isEqualTo(1000);
        for (long index = 500; index <= 1000; index++) {
            assertThat(log.term(index)).isEqualTo(index);
            assertThat(log.matches(new EntryId(index, index))).isTrue();
        }
        assertThat(log.unstable().nextEntries()).hasSize(250).first()
                .isEqualTo(entry(751, 751));
        log.append(List.of(entry(1001, 1001)));
        assertThat(log.lastIndex()).isEqualTo(1001);
    }

    @ParameterizedTest
    @DisplayName("L9 hands out what is committed and, unless allowed otherwise, stable")
    @CsvSource({"3,3,true,4 5", "3,4,true,5", "3,5,true,''", "4,4,true,5", "4,5,true,''",
        "5,5,true,''", "3,3,false,4", "3,4,false,''", "3,5,false,''", "4,4,false,''",
        "4,5,false,''", "5,5,false,''"})
    void l9NextCommitted(long applied, long applying, boolean allowUnstable, String expected)
            throws SnapshotOutOfDateException {
        RaftLog log = logFromSnapshot(ALL);
        log.appliedTo(applied, 0);
        log.acceptApplying(applying, 0, allowUnstable);
        // A part that was cut pauses; going on at the same place shows what would come next.
        log.appliedTo(applied, 0);
        assertThat(indexes(log.nextCommitted(allowUnstable)).toString().replaceAll("[\\[\\],]",
                "")).isEqualTo(expected);
    }

    private static RaftLog logFromSnapshot(long applyingBytesMax)
            throws SnapshotOutOfDateException {
        var storage = storageAt(1, 3);
        storage.append(List.of(entry(1, 4)));
        var log = new RaftLog(storage, RaftTracer.NONE, applyingBytesMax);
        log.append(List.of(entry(1, 5), entry(1, 6)));
        log.commitTo(5);
        return log;
    }

    @Test
    @DisplayName("L9 hands out nothing while paused or while a snapshot is pending")
    void l9Paused() throws SnapshotOutOfDateException {
        RaftLog paused = logFromSnapshot(1);
        assertThat(indexes(paused.nextCommitted(true))).containsExactly(4L);
        paused.acceptApplying(4, 100, true);
        assertThat(paused.nextCommitted(true)).isEmpty();
        RaftLog restoring = logFromSnapshot(ALL);
        restoring.restore(snapshot(1, 10));
        assertThat(restoring.nextCommitted(true)).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("L12 what storage has is not unstable")
    @ValueSource(longs = {1, 3})
    void l12Unstable(long unstableFrom) {
        var storage = new MemoryStorage();
        storage.append(entries(1, "1 2").subList(0, (int) unstableFrom - 1));
        RaftLog log = log(storage);
        log.append(entries(1, "1 2").subList((int) unstableFrom - 1, 2));
        assertThat(log.unstable().nextEntries()).hasSize((int) (3 - unstableFrom));
        if (log.unstable().count() > 0) {
            log.unstable().stableTo(new EntryId(2, 2));
        }
        assertThat(log.unstable().offset()).isEqualTo(3);
    }

    @Test
    @DisplayName("L13 the commit index rises within the log only")
    void l13CommitTo() {
        RaftLog log = unstableLog("1 2 3");
        log.commitTo(2);
        log.commitTo(1);
        assertThat(log.committed()).isEqualTo(2);
        log.commitTo(3);
        assertThat(log.committed()).isEqualTo(3);
        assertThatThrownBy(() -> log.commitTo(4)).isInstanceOf(InvariantViolation.class);
    }

    @ParameterizedTest
    @DisplayName("L14 an acknowledgement counts if index and term are known")
    @CsvSource({"1,1,2", "2,2,3", "2,1,1", "3,1,1"})
    void l14StableTo(long index, long term, long offset) {
        RaftLog log = unstableLog("1 2");
        log.unstable().stableTo(new EntryId(term, index));
        assertThat(log.unstable().offset()).isEqualTo(offset);
    }

    @Test
    @DisplayName("L16 compaction goes forward and within the log")
    void l16Compaction() throws CompactedException {
        var storage = new MemoryStorage();
        storage.append(range(1, 1001, 0));
        assertThatThrownBy(() -> storage.compact(1001)).isInstanceOf(InvariantViolation.class);
        long[] left = {700, 500, 200, 100};
        long[] points = {300, 500, 800, 900};
        for (int i = 0; i < points.length; i++) {
            storage.compact(points[i]);
            assertThat(storage.lastIndex() - storage.firstIndex() + 1).isEqualTo(left[i]);
            if (i == 0) {
                assertThatThrownBy(() -> storage.compact(299))
                        .isInstanceOf(CompactedException.class);
            }
        }
    }

    @Test
    @DisplayName("L17 a log goes on behind the snapshot of its storage")
    void l17Restore() throws Exception {
        RaftLog log = log(storageAt(1000, 1000));
        assertThat(log.entries(1001, ALL)).isEmpty();
        assertThat(log.firstIndex()).isEqualTo(1001);
        assertThat(log.committed()).isEqualTo(1000);
        assertThat(log.unstable().offset()).isEqualTo(1001);
        assertThat(log.term(1000)).isEqualTo(1000);
    }

    @Test
    @DisplayName("L18 a slice is compacted, fine or out of bounds")
    void l18Bounds() throws Exception {
        RaftLog log = log(storageAt(1, 100));
        log.append(range(101, 201, 100));
        for (long from : new long[]{99, 100}) {
            assertThatThrownBy(() -> log.slice(from, 102, ALL))
                    .isInstanceOf(CompactedException.class);
        }
        for (long at : new long[]{101, 151, 200, 201}) {
            assertThat(log.slice(at, at, ALL)).isEmpty();
        }
        for (long from : new long[]{201, 202}) {
            assertThatThrownBy(() -> log.slice(from, 202, ALL))
                    .isInstanceOf(InvariantViolation.class);
        }
    }

    @ParameterizedTest
    @DisplayName("L19 terms are known from the snapshot to the last entry")
    @CsvSource({"99,-1", "100,1", "150,50", "199,99", "200,-1"})
    void l19Term(long index, long term) throws Exception {
        RaftLog log = log(storageAt(1, 100));
        log.append(range(101, 200, 100));
        assertThat(log.term(index)).isEqualTo(term);
    }

    @ParameterizedTest
    @DisplayName("L20 an unstable snapshot hides the storage's")
    @CsvSource({"100,-1", "101,-1", "104,-1", "105,1", "106,-1"})
    void l20TermWithUnstableSnapshot(long index, long term) throws Exception {
        RaftLog log = log(storageAt(1, 100));
        log.restore(snapshot(1, 105));
        assertThat(log.term(index)).isEqualTo(term);
    }

    private static RaftLog halfStable() throws SnapshotOutOfDateException {
        var storage = storageAt(1, 100);
        storage.append(range(101, 150, 0));
        RaftLog log = log(storage);
        log.append(range(150, 200, 0));
        return log;
    }

    @ParameterizedTest
    @DisplayName("L21 a slice across both halves has exactly its entries")
    @CsvSource({"101,102", "101,150", "149,150", "150,151", "150,200", "149,151", "101,200",
        "199,200"})
    void l21Slice(long from, long to) throws Exception {
        assertThat(halfStable().slice(from, to, ALL)).isEqualTo(range(from, to, 0));
    }

    @Test
    @DisplayName("L21 a slice is refused below, reversed and beyond")
    void l21SliceRefused() throws SnapshotOutOfDateException {
        RaftLog log = halfStable();
        assertThatThrownBy(() -> log.slice(100, 110, ALL)).isInstanceOf(CompactedException.class);
        assertThatThrownBy(() -> log.slice(120, 110, ALL)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> log.slice(150, 201, ALL)).isInstanceOf(InvariantViolation.class);
    }

    @ParameterizedTest
    @DisplayName("L23 pages of any size make the slice, and are filled")
    @ValueSource(longs = {0, 1, 5, 6, 7, 8, 12, 13, 14, 16, 100, 1000})
    void l23Pages(long pageBytes) throws Exception {
        RaftLog log = halfStable();
        var read = new ArrayList<Entry>();
        while (read.size() < 99) {
            List<Entry> page = log.slice(101 + read.size(), 200, pageBytes);
            long bytes = Entry.encodedBytes(page);
            assertThat(page.size() == 1 || bytes <= pageBytes).isTrue();
            read.addAll(page);
            if (read.size() < 99) {
                int next = range(101 + read.size(), 102 + read.size(), 0).getFirst()
                        .encodedBytes();
                assertThat(bytes + next).isGreaterThan(pageBytes);
            }
        }
        assertThat(read).isEqualTo(range(101, 200, 0));
    }

    @Test
    @DisplayName("L23 the scan for changes stops at the first and looks at every page")
    void l23Scan() {
        long[] changeAt = {1, 50, 100};
        for (long change : changeAt) {
            var log = new RaftLog(new MemoryStorage(), RaftTracer.NONE, 20);
            var entries = new ArrayList<>(range(1, 101, 0));
            entries.set((int) change - 1,
                    new Entry(1, change, EntryType.CONF_CHANGE_V2, Bytes.EMPTY));
            log.append(entries);
            log.commitTo(change - 1);
            assertThat(log.hasUnappliedConfChange()).isFalse();
            log.commitTo(change);
            assertThat(log.hasUnappliedConfChange()).as(Arrays.toString(changeAt)).isTrue();
        }
    }
}
