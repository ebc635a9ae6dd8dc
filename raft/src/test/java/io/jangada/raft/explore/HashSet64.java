// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

/** A growing set of hashes of 64 bits, in 16 bytes or fewer each. 0 counts as 1. */
final class HashSet64 {
    private long[] slots = new long[1 << 16];
    private int count;

    /** Whether {@code hash} is new. */
    boolean add(long hash) {
        if (count * 2 > slots.length) {
            grow();
        }
        if (!place(slots, hash == 0 ? 1 : hash)) {
            return false;
        }
        count++;
        return true;
    }

    private void grow() {
        long[] larger = new long[slots.length * 2];
        for (long hash : slots) {
            if (hash != 0) {
                place(larger, hash);
            }
        }
        slots = larger;
    }

    private static boolean place(long[] slots, long hash) {
        int mask = slots.length - 1;
        int at = (int) (hash ^ (hash >>> 32)) & mask;
        while (slots[at] != 0) {
            if (slots[at] == hash) {
                return false;
            }
            at = (at + 1) & mask;
        }
        slots[at] = hash;
        return true;
    }
}
