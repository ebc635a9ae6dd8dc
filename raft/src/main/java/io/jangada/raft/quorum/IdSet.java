// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.quorum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A set of member ids in ascending order, as signed numbers. Immutable; the methods that change it
 * return another one.
 */
public final class IdSet {
    /** No ids. */
    public static final IdSet EMPTY = new IdSet(new long[0]);

    private final long[] ids;

    private IdSet(long[] ascending) {
        ids = ascending;
    }

    /** The ids given, which may come in any order and more than once. */
    public static IdSet of(long... ids) {
        return ofOwned(ids.clone());
    }

    /** The ids given, which may come in any order and more than once. */
    public static IdSet of(Collection<Long> ids) {
        long[] copy = new long[ids.size()];
        int count = 0;
        for (long id : ids) {
            copy[count++] = id;
        }
        return ofOwned(copy);
    }

    private static IdSet ofOwned(long[] ids) {
        Arrays.sort(ids);
        int kept = 0;
        for (int i = 0; i < ids.length; i++) {
            if (i == 0 || ids[i] != ids[i - 1]) {
                ids[kept++] = ids[i];
            }
        }
        return kept == 0 ? EMPTY : new IdSet(kept == ids.length ? ids : Arrays.copyOf(ids, kept));
    }

    /** The number of ids. */
    public int size() {
        return ids.length;
    }

    /** Whether there are no ids. */
    public boolean isEmpty() {
        return ids.length == 0;
    }

    /**
     * The id at {@code position} in ascending order, counted from 0.
     *
     * @throws IndexOutOfBoundsException if {@code position} is not in [0, size)
     */
    public long at(int position) {
        return ids[position];
    }

    /** Where {@code id} is in ascending order, counted from 0; negative if it is not here. */
    public int position(long id) {
        // Members are so few that this is faster than a binary search.
        int at = 0;
        while (at < ids.length && ids[at] < id) {
            at++;
        }
        return at < ids.length && ids[at] == id ? at : -at - 1;
    }

    /** Whether {@code id} is here. */
    public boolean contains(long id) {
        return position(id) >= 0;
    }

    /** This set and {@code id}. */
    public IdSet with(long id) {
        int at = position(id);
        if (at >= 0) {
            return this;
        }
        int gap = -at - 1;
        long[] more = new long[ids.length + 1];
        System.arraycopy(ids, 0, more, 0, gap);
        more[gap] = id;
        System.arraycopy(ids, gap, more, gap + 1, ids.length - gap);
        return new IdSet(more);
    }

    /** This set without {@code id}. */
    public IdSet without(long id) {
        int at = position(id);
        if (at < 0) {
            return this;
        }
        long[] fewer = new long[ids.length - 1];
        System.arraycopy(ids, 0, fewer, 0, at);
        System.arraycopy(ids, at + 1, fewer, at, fewer.length - at);
        return fewer.length == 0 ? EMPTY : new IdSet(fewer);
    }

    /** What is in one of both. */
    public IdSet union(IdSet that) {
        if (that.isEmpty()) {
            return this;
        }
        long[] all = Arrays.copyOf(ids, ids.length + that.ids.length);
        System.arraycopy(that.ids, 0, all, ids.length, that.ids.length);
        return ofOwned(all);
    }

    /** A copy, ascending. */
    public long[] toArray() {
        return ids.clone();
    }

    /** A copy, ascending. */
    public List<Long> toList() {
        List<Long> list = new ArrayList<>(ids.length);
        for (long id : ids) {
            list.add(id);
        }
        return List.copyOf(list);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdSet that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    /** The ids in hexadecimal, as etcd's logs show them: {@code (1 2 a)}. */
    @Override
    public String toString() {
        var text = new StringBuilder("(");
        for (int i = 0; i < ids.length; i++) {
            text.append(i == 0 ? "" : " ").append(Long.toHexString(ids[i]));
        }
        return text.append(')').toString();
    }
}
