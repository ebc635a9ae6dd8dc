// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.InvariantViolation;
import io.jangada.raft.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of the log in memory that is packed reads as if it were not. */
final class PackedLogTest {
    private static final EntryType[] TYPES = EntryType.values();

    private static Entry entry(SplittableRandom random, long term, long index, int size) {
        byte[] data = new byte[size];
        random.nextBytes(data);
        return new Entry(term, index, TYPES[random.nextInt(TYPES.length)], Bytes.wrap(data));
    }

    private static MemoryStorage full(long last, int size) {
        var storage = new MemoryStorage();
        var random = new SplittableRandom(1);
        for (long index = 1; index <= last; index++) {
            storage.append(List.of(entry(random, 1, index, size)));
        }
        return storage;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void readsLikeAList(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        int sizeMax = List.of(1, 40, 400, 20_000, 200_000).get(random.nextInt(5));
        var storage = new MemoryStorage();
        var model = new ArrayList<Entry>();
        long first = 1;
        long committed = 0;
        for (int round = 0; round < 200; round++) {
            long last = first - 1 + model.size();
            // What is not committed may be replaced.
            long from = committed + 1 + (last > committed ? random.nextLong(last - committed) : 0);
            var added = new ArrayList<Entry>();
            for (int i = random.nextInt(60); i >= 0; i--) {
                added.add(entry(random, round, from + added.size(), random.nextInt(sizeMax)));
            }
            model.subList((int) (from - first), model.size()).clear();
            model.addAll(added);
            storage.append(added);
            last = first - 1 + model.size();
            committed += random.nextLong(last - committed + 1);
            if (committed > 0) {
                storage.pack(committed);
            }
            if (random.nextInt(20) == 0 && committed >= first) {
                long to = first + random.nextLong(committed - first + 1);
                EntryId gone = model.get((int) (to - first)).id();
                model.subList(0, (int) (to - first + 1)).clear();
                first = to + 1;
                storage.compact(to);
                assertThat(storage.term(to)).isEqualTo(gone.term());
            }
            check(storage, model, first, random);
        }
    }

    private static void check(MemoryStorage storage, List<Entry> model, long first,
            SplittableRandom random) throws Exception {
        long last = first - 1 + model.size();
        assertThat(storage.firstIndex()).isEqualTo(first);
        assertThat(storage.lastIndex()).isEqualTo(last);
        if (model.isEmpty()) {
            return;
        }
        int from = random.nextInt(model.size());
        int to = from + 1 + random.nextInt(model.size() - from);
        long bytesMax = random.nextBoolean() ? Long.MAX_VALUE : random.nextLong(100_000);
        assertThat(storage.entries(first + from, first + to, bytesMax))
                .isEqualTo(EntrySlices.slice(model, from, to, bytesMax));
        assertThat(storage.term(first + from)).isEqualTo(model.get(from).term());
    }

    @Test
    void keepsTheNewestAsTheyAre() throws Exception {
        MemoryStorage storage = full(10_000, 100);
        Entry before = storage.entries(10_000, 10_001, Long.MAX_VALUE).getFirst();
        storage.pack(10_000);
        assertThat(storage.entries(10_000, 10_001, Long.MAX_VALUE).getFirst()).isSameAs(before);
        // Packed, an entry takes 16 bytes besides its payload, and 80 if it is not.
        long unpacked = MemoryStorage.UNPACKED_BYTES / 180;
        assertThat(storage.bytes())
                .isBetween(10_000 * 116L, (10_000 - unpacked) * 116 + (unpacked + 1) * 180);
    }

    @Test
    void whatIsPackedIsNotReplaced() {
        MemoryStorage storage = full(10_000, 100);
        storage.pack(10_000);
        assertThatThrownBy(() -> storage.append(
                List.of(new Entry(2, 17, EntryType.NORMAL, Bytes.EMPTY))))
                .isInstanceOf(InvariantViolation.class).hasMessageContaining("packed");
    }

    @Test
    void whatIsNotCommittedIsNotPacked() throws Exception {
        MemoryStorage storage = full(10_000, 100);
        storage.pack(500);
        storage.append(List.of(new Entry(2, 501, EntryType.NORMAL, Bytes.EMPTY)));
        assertThat(storage.lastIndex()).isEqualTo(501);
        assertThat(storage.term(500)).isEqualTo(1);
    }

    @Test
    void saysWhereTheOldestOfSoManyBytesAre() {
        MemoryStorage storage = full(10_000, 100);
        storage.pack(10_000);
        long before = storage.indexBefore(500_000);
        assertThat((10_000 - before) * 116).isBetween(500_000L, 500_000L + 6 * (64 << 10));
        assertThat(storage.indexBefore(2_000_000)).isZero();
    }

    @Test
    void aSnapshotReplacesThePackedToo() throws Exception {
        MemoryStorage storage = full(10_000, 100);
        storage.pack(10_000);
        storage.applySnapshot(new Snapshot(new EntryId(3, 20_000), ConfState.EMPTY, Bytes.EMPTY));
        assertThat(storage.firstIndex()).isEqualTo(20_001);
        assertThat(storage.bytes()).isZero();
    }
}
