// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Arrays come back from the pool, up to its bound. */
final class SlabPoolTest {

    @Test
    void keepsNoMoreThanItsBound() {
        var pool = new SlabPool(3L * Slab.BYTES);
        Set<Slab> given = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 10; i++) {
            Slab slab = new Slab(Slab.BYTES);
            given.add(slab);
            pool.give(slab);
        }
        pool.give(new Slab(17)); // One that was made for an entry of its own.
        for (int i = 0; i < 3; i++) {
            assertThat(given).contains(pool.take());
        }
        assertThat(given).doesNotContain(pool.take());
    }
}
