// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.ConfState;
import io.jangada.raftnode.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The configurations that members have in force, as they are seen from time to time: the last one that was seen, and what
 * it has replaced a moment ago, by which the member may have counted what is seen only now.
 */
final class InForce {
    private static final long MOMENT_NANOS = 1_000_000;

    private static final class History {
        private ConfState last;
        /** When each was first seen to be replaced. */
        private final Map<ConfState, Long> replaced = new HashMap<>();

        History(ConfState first) {
            last = first;
        }
    }

    private final Clock clock;
    private final Map<Long, History> histories = new HashMap<>();

    InForce(Clock clock) {
        this.clock = clock;
    }

    /** {@code member} has {@code conf} in force. */
    void look(long member, ConfState conf) {
        History history = histories.computeIfAbsent(member, ignored -> new History(conf));
        if (!history.last.equals(conf)) {
            history.replaced.put(history.last, clock.nanos());
            history.last = conf;
        }
    }

    /** A process of {@code member} begins. */
    void began(long member) {
        histories.remove(member);
    }

    /** What {@code member} has in force, or had a moment ago; none if it was not seen. */
    Set<ConfState> of(long member) {
        History history = histories.get(member);
        if (history == null) {
            return Set.of();
        }
        history.replaced.values().removeIf(when -> clock.nanos() - when > MOMENT_NANOS);
        Set<ConfState> all = new HashSet<>(history.replaced.keySet());
        all.add(history.last);
        return all;
    }
}
