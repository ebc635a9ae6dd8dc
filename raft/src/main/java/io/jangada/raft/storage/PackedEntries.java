// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.Invariant;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive entries as bytes in a few large arrays: added at the end, dropped at the front. Thousands of
 * entries that have to stay would be copied by each young collection, and hold up the process while it does
 * that; these arrays are reused, and so grow old once. Reading makes new entries.
 *
 * <p>Owned by the thread of its storage.
 */
final class PackedEntries {
    /** A larger entry gets an array to itself, so that little is left empty at a slab's end. */
    private static final int SHARED_BYTES_MAX = Slab.BYTES / 4;

    private final ArrayList<Slab> slabs = new ArrayList<>();
    private final SlabPool pool;
    private long bytes;

    /** None, in arrays from {@code pool}. */
    PackedEntries(SlabPool pool) {
        this.pool = pool;
    }

    boolean isEmpty() {
        return slabs.isEmpty();
    }

    /** The last index; only if not empty. */
    long last() {
        return slabs.getLast().last();
    }

    /** What the entries take, with those in the front array that are dropped already. */
    long bytes() {
        return bytes;
    }

    /** Adds {@code entry}, which follows the last one. */
    void add(Entry entry) {
        Invariant.check(isEmpty() || entry.index() == last() + 1, "entries are not consecutive",
                entry.index(), isEmpty() ? 0 : last());
        int size = entry.data().size();
        if (isEmpty() || !slabs.getLast().fits(size)) {
            Slab next = size > SHARED_BYTES_MAX ? new Slab(size) : pool.take();
            next.begin(entry.index());
            slabs.add(next);
        }
        slabs.getLast().add(entry);
        bytes += Slab.ENTRY_BYTES + size;
    }

    long term(long index) {
        Slab slab = slabs.get(position(index));
        return slab.term(index);
    }

    /**
     * Adds the entries in [from, to) to {@code target} as long as their {@link Entry#encodedBytes()} add up
     * to at most {@code bytesMax}, but always the first.
     *
     * @return how many bytes are left; negative once the limit has cut
     */
    long read(long from, long to, long bytesMax, List<Entry> target) {
        long left = bytesMax;
        int at = position(from);
        for (long index = from; index < to; index++) {
            if (index > slabs.get(at).last()) {
                at++;
            }
            Entry entry = slabs.get(at).get(index);
            left -= entry.encodedBytes();
            if (left < 0 && index > from) {
                return left;
            }
            target.add(entry);
        }
        return left;
    }

    /** Drops what is up to {@code index}; an array goes once all of it does. */
    void dropTo(long index) {
        int count = 0;
        while (count < slabs.size() && slabs.get(count).last() <= index) {
            bytes -= slabs.get(count).bytes();
            count++;
        }
        List<Slab> dropped = slabs.subList(0, count);
        dropped.forEach(pool::give);
        dropped.clear();
    }

    /** The last index behind which there are {@code bytesMax} or more, by whole arrays; 0 if there are fewer. */
    long indexBefore(long bytesMax) {
        long behind = 0;
        for (int i = slabs.size() - 1; i >= 0; i--) {
            if (behind >= bytesMax) {
                return slabs.get(i).last();
            }
            behind += slabs.get(i).bytes();
        }
        return 0;
    }

    /** Drops all. */
    void clear() {
        slabs.forEach(pool::give);
        slabs.clear();
        bytes = 0;
    }

    /** Where the array with {@code index} is. */
    private int position(long index) {
        int low = 0;
        int high = slabs.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (slabs.get(middle).first() <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
