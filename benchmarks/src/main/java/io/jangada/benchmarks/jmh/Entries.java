// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes entries to measure with. */
final class Entries {
    private Entries() {}

    static Bytes data(int bytes) {
        byte[] data = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(data);
        return Bytes.copyOf(data);
    }

    /** Consecutive entries of term 1. */
    static List<Entry> from(long index, int count, Bytes data) {
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(1, index + i, EntryType.NORMAL, data));
        }
        return entries;
    }
}
