// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.tracker;

import java.util.Arrays;

/**
 * The window of appends that a member has not acknowledged, each by its last index and its payload
 * (etcd raft: Inflights). A ring that grows on demand: most members of most groups lag by little.
 *
 * <p>Invariant: indexes do not fall from the oldest to the newest; count is at most {@code countMax}.
 * The limit in bytes is soft: the last append may exceed it. Owned by the core's thread.
 */
public final class Inflights {
    private static final int CAPACITY_FIRST = 8;

    private final int countMax;
    private final long bytesMax;
    private long[] indexes = {};
    private long[] sizes = {};
    private int start;
    private int count;
    private long bytes;

    /**
     * Empty.
     *
     * @param countMax the number of appends that fill the window
     * @param bytesMax the payload in bytes that fills the window; 0 for no limit
     */
    public Inflights(int countMax, long bytesMax) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    /** A copy that changes on its own. */
    public Inflights copy() {
        var copy = new Inflights(countMax, bytesMax);
        copy.indexes = indexes.clone();
        copy.sizes = sizes.clone();
        copy.start = start;
        copy.count = count;
        copy.bytes = bytes;
        return copy;
    }

    /** Another one of the same limits, empty. */
    Inflights emptied() {
        return new Inflights(countMax, bytesMax);
    }

    /** The number of appends under way. */
    public int count() {
        return count;
    }

    /** The payload under way, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** The number of appends that there is room for without growing. */
    int capacity() {
        return indexes.length;
    }

    /** Whether nothing more is to be sent. */
    public boolean isFull() {
        return count == countMax || (bytesMax != 0 && bytes >= bytesMax);
    }

    /**
     * An append was sent.
     *
     * @param lastIndex the index of its last entry
     * @param payloadBytes its payload
     * @throws IllegalStateException if the window is full
     */
    public void add(long lastIndex, long payloadBytes) {
        if (isFull()) {
            throw new IllegalStateException("append " + lastIndex + " into a full window of "
                    + count + " appends and " + bytes + " bytes");
        }
        if (count == indexes.length) {
            grow();
        }
        int end = start + count;
        int next = end >= indexes.length ? end - indexes.length : end;
        indexes[next] = lastIndex;
        sizes[next] = payloadBytes;
        count++;
        bytes += payloadBytes;
    }

    private void grow() {
        int larger = (int) Math.min(countMax, Math.max(CAPACITY_FIRST, 2L * indexes.length));
        indexes = unrolled(indexes, larger);
        sizes = unrolled(sizes, larger);
        start = 0;
    }

    private long[] unrolled(long[] ring, int length) {
        long[] line = Arrays.copyOf(ring, length);
        System.arraycopy(ring, start, line, 0, ring.length - start);
        System.arraycopy(ring, 0, line, ring.length - start, start);
        return line;
    }

    /** Everything up to {@code index} is acknowledged. */
    public void freeTo(long index) {
        while (count > 0 && indexes[start] <= index) {
            bytes -= sizes[start];
            count--;
            start = start + 1 == indexes.length ? 0 : start + 1;
        }
        if (count == 0) {
            start = 0;
        }
    }
}
