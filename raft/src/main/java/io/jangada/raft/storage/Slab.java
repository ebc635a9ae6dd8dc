// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryType;
import java.util.Arrays;

/** Consecutive entries in arrays: for each its term, its type, and where its payload ends. For one thread. */
final class Slab {
    /** The payloads that a slab of the pool takes. */
    static final int BYTES = 64 << 10;
    /** What an entry takes besides its payload. */
    static final int ENTRY_BYTES = Long.BYTES + 2 * Integer.BYTES;
    private static final int COUNT_FIRST = 64;

    private final byte[] payloads;
    private long[] terms = new long[COUNT_FIRST];
    private int[] ends = new int[COUNT_FIRST];
    private EntryType[] types = new EntryType[COUNT_FIRST];
    private long first;
    private int count;

    Slab(int bytes) {
        payloads = new byte[bytes];
    }

    void begin(long index) {
        first = index;
        count = 0;
    }

    long first() {
        return first;
    }

    long last() {
        return first + count - 1;
    }

    int usedBytes() {
        return count == 0 ? 0 : ends[count - 1];
    }

    long bytes() {
        return usedBytes() + (long) count * ENTRY_BYTES;
    }

    boolean fits(int bytes) {
        return payloads.length - usedBytes() >= bytes;
    }

    long term(long index) {
        return terms[(int) (index - first)];
    }

    /** Whether it is one for a pool. */
    boolean isShared() {
        return payloads.length == BYTES;
    }

    void add(Entry entry) {
        if (count == terms.length) {
            terms = Arrays.copyOf(terms, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            types = Arrays.copyOf(types, 2 * count);
        }
        int start = usedBytes();
        entry.data().copyTo(payloads, start);
        terms[count] = entry.term();
        types[count] = entry.type();
        ends[count] = start + entry.data().size();
        count++;
    }

    Entry get(long index) {
        int at = (int) (index - first);
        int start = at == 0 ? 0 : ends[at - 1];
        byte[] payload = Arrays.copyOfRange(payloads, start, ends[at]);
        return new Entry(terms[at], index, types[at], Bytes.wrap(payload));
    }
}
