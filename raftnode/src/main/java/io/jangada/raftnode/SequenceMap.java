// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jctools.maps.NonBlockingHashMapLong;
import org.jspecify.annotations.Nullable;

/**
 * Values by numbers that are given out one after the other and used once, most of which leave soon, and in order. Each
 * has a place in a ring by its number; one whose place is still taken goes into a map. (A concurrent map alone keeps the
 * place of each number that was ever in it until it is copied to a new table.)
 *
 * <p>Thread-safe, without locks.
 *
 * @param <V> what is kept
 */
final class SequenceMap<V extends SequenceMap.Numbered> {
    static final int PLACES = 1 << 11;

    /** Knows its number. */
    interface Numbered {
        long sequence();
    }

    private final AtomicReferenceArray<V> ring = new AtomicReferenceArray<>(PLACES);
    private final NonBlockingHashMapLong<V> overflow = new NonBlockingHashMapLong<>();

    private static int place(long sequence) {
        return (int) (sequence & (PLACES - 1));
    }

    /** Keeps {@code added}, whose number was never used before. */
    void add(V added) {
        if (!ring.compareAndSet(place(added.sequence()), null, added)) {
            overflow.put(added.sequence(), added);
        }
    }

    /** What has this number, which stays; null if it is not here. */
    @Nullable
    V get(long sequence) {
        V there = ring.get(place(sequence));
        return there != null && there.sequence() == sequence ? there : overflow.get(sequence);
    }

    /** Takes out what has this number, for one caller alone; null if it is not here. */
    @Nullable
    V remove(long sequence) {
        int place = place(sequence);
        V there = ring.get(place);
        if (there != null && there.sequence() == sequence) {
            return ring.compareAndSet(place, there, null) ? there : null;
        }
        return overflow.remove(sequence);
    }

    /** The numbers of all that are here, in order. */
    long[] sequences() {
        LongStream inRing = IntStream.range(0, PLACES).mapToObj(ring::get)
                .filter(one -> one != null).mapToLong(Numbered::sequence);
        return LongStream.concat(inRing, Arrays.stream(overflow.keySetLong())).sorted().toArray();
    }
}
