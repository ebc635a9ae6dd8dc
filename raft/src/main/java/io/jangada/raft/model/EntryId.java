// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

/**
 * The term and index that name an entry: two logs that hold an entry of the same id are equal up to
 * it (Raft thesis 3.5, log matching). Ordered by term, then index: the order of "up to date" (3.6.1).
 *
 * @param term the term in which the entry was appended; 0 before the first
 * @param index the position in the log, counted from 1; 0 before the first
 */
public record EntryId(long term, long index) implements Comparable<EntryId> {
    /** The id before the first entry. */
    public static final EntryId ZERO = new EntryId(0, 0);

    @Override
    public int compareTo(EntryId that) {
        int byTerm = Long.compare(term, that.term);
        return byTerm != 0 ? byTerm : Long.compare(index, that.index);
    }

    @Override
    public String toString() {
        return term + "/" + index;
    }
}
