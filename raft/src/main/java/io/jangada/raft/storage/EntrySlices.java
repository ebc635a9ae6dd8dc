// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

import io.jangada.raft.model.Entry;
import java.util.List;

/** Cuts lists of entries to a limit in bytes. Pure functions. */
public final class EntrySlices {
    private EntrySlices() {}

    /**
     * A copy of the longest part of {@code entries} in [from, to) that starts at {@code from} and whose
     * {@link Entry#encodedBytes()} add up to at most {@code bytesMax}, but with at least one entry if
     * there is one.
     */
    public static List<Entry> slice(List<Entry> entries, int from, int to, long bytesMax) {
        int end = cut(entries, from, to, bytesMax);
        // The most frequent length is the one that needs no array.
        return end == from + 1
                ? List.of(entries.get(from))
                : List.copyOf(entries.subList(from, end));
    }

    private static int cut(List<Entry> entries, int from, int to, long bytesMax) {
        if (bytesMax == Long.MAX_VALUE) {
            return to;
        }
        long bytes = 0;
        for (int i = from; i < to; i++) {
            bytes += entries.get(i).encodedBytes();
            if (bytes > bytesMax && i > from) {
                return i;
            }
        }
        return to;
    }
}
