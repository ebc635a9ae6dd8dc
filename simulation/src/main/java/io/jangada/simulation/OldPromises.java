// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.Clock;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What members had acknowledged so long ago that many batches were forced behind it since: more than all the sectors hold
 * that are damaged at a time, so that damage which takes it leaves something intact behind, and cannot be taken for the end
 * of what was written.
 */
final class OldPromises {
    private static final int BATCHES = 40;
    /** What one force covers is acknowledged at the same time. */
    private static final long APART_NANOS = 1_000_000;

    private record Promise(EntryId id, long nanos) {}

    private final Clock clock;
    private final Map<Long, ArrayDeque<Promise>> promises = new HashMap<>();
    /** Of members whose disk was damaged and not read since. */
    private final Map<Long, EntryId> damaged = new HashMap<>();

    OldPromises(Clock clock) {
        this.clock = clock;
    }

    /** {@code member} acknowledges what is {@code index} in the log of its leader, of {@code term}. */
    void acknowledged(long member, long term, long index) {
        ArrayDeque<Promise> known = promises.computeIfAbsent(member,
                ignored -> new ArrayDeque<>());
        if (known.isEmpty() || clock.nanos() - known.getLast().nanos() > APART_NANOS) {
            known.add(new Promise(new EntryId(term, index), clock.nanos()));
            if (known.size() > BATCHES) {
                known.remove();
            }
        }
    }

    /** {@code member} has lost something, perhaps by damage to a few sectors and nothing else. */
    void lost(long member, boolean byDamage) {
        ArrayDeque<Promise> known = promises.remove(member);
        if (byDamage && known != null && known.size() == BATCHES) {
            damaged.put(member, known.getFirst().id());
        }
    }

    /** {@code member} comes back with this; empty if it sees that its log is damaged. */
    void found(long member, Optional<DurableLog> log) {
        EntryId old = damaged.remove(member);
        if (old != null && log.filter(found -> found.lacks(old)).isPresent()) {
            throw new Violation("damage is not taken for the end of the log", "member " + member
                    + " had acknowledged " + old + " long before, and finds a log up to "
                    + log.get().last());
        }
    }
}
