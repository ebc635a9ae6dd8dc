// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which members hear each other. Thread-safe. */
final class Links {
    private record Link(long from, long to) {}

    private final Set<Link> cut = ConcurrentHashMap.newKeySet();
    private final Set<Long> silent = ConcurrentHashMap.newKeySet();

    boolean isCut(long from, long to) {
        return silent.contains(from) || cut.contains(new Link(from, to));
    }

    /** Cuts those of {@code some} off from those of {@code others}, in both directions. */
    void cut(Collection<Long> some, Collection<Long> others) {
        for (long one : some) {
            for (long other : others) {
                cut.add(new Link(one, other));
                cut.add(new Link(other, one));
            }
        }
    }

    void heal() {
        cut.clear();
    }

    /** Nobody hears {@code member} while {@code meanwhile} runs. */
    void silence(long member, Runnable meanwhile) {
        silent.add(member);
        try {
            meanwhile.run();
        } finally {
            silent.remove(member);
        }
    }
}
