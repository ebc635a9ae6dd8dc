// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

import java.util.ArrayDeque;

/**
 * Arrays for packed logs, which take them and give them back; what is given back is kept up to a bound. The
 * logs of one thread share one. Owned by that thread.
 */
public final class SlabPool {
    private final ArrayDeque<Slab> spares = new ArrayDeque<>();
    private final int countMax;

    /**
     * Empty.
     *
     * @param bytesMax how much is kept for later, at the most, about; 0 keeps nothing
     */
    public SlabPool(long bytesMax) {
        countMax = (int) Math.min(Integer.MAX_VALUE, bytesMax / Slab.BYTES);
    }

    /** One for as much as fits into {@link Slab#BYTES}. */
    Slab take() {
        Slab spare = spares.poll();
        return spare != null ? spare : new Slab(Slab.BYTES);
    }

    /** {@code slab} is not used any more. */
    void give(Slab slab) {
        if (slab.isShared() && spares.size() < countMax) {
            spares.add(slab);
        }
    }
}
