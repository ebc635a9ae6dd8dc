// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether a leader asks a member that refuses an append for the same again, as fast as the network goes: once a heartbeat is
 * enough for whom it believes to have what the member says it lacks.
 */
final class Denials {
    /** In the time of one election: many times as often as a leader sends heartbeats. */
    private static final int COUNT_MAX = 100;

    private record Denial(long from, long to, long term, long index, EntryId hint) {}

    private record Row(long sinceNanos, long lastNanos, int count) {
        /* What has waited for a slow disk leaves at one time, and counts once. */
        Row and(Row one, long windowNanos) {
            if (one.sinceNanos - sinceNanos >= windowNanos) {
                return one;
            }
            return one.lastNanos == lastNanos
                    ? this
                    : new Row(sinceNanos, one.lastNanos, count + 1);
        }
    }

    private final Clock clock;
    private final long windowNanos;
    private final Map<Denial, Row> rows = new HashMap<>();

    Denials(Scenario scenario, Clock clock) {
        this.clock = clock;
        windowNanos = scenario.electionTimeout().toNanos();
    }

    /** A member refuses an append. */
    void sent(Message.AppendReject reject) {
        var denial = new Denial(reject.from(), reject.to(), reject.term(), reject.index(),
                reject.hint());
        long nanos = clock.nanos();
        Row now = rows.merge(denial, new Row(nanos, nanos, 1),
                (before, one) -> before.and(one, windowNanos));
        if (now.count() > COUNT_MAX) {
            throw new Violation("who denies is not asked again at once", "member " + reject.from()
                    + " refuses the same for the " + now.count() + "th time within "
                    + (nanos - now.sinceNanos()) / 1e9 + " s: " + reject);
        }
    }
}
