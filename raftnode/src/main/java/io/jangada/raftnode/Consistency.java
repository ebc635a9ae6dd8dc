// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** How new the state has to be that a read sees. */
public sealed interface Consistency {

    /** All that was committed anywhere when the read was asked for: what most reads want. */
    Consistency LINEARIZABLE = new Linearizable();

    /**
     * All that was committed anywhere when the read was asked for (Raft thesis 6.4). A leader has to be
     * reached, and confirms by a quorum that it still leads; where the group is configured for
     * {@linkplain GroupConfig#readOnly leases}, mostly by its lease, without a round.
     */
    record Linearizable() implements Consistency {}

    /**
     * What this member has, if it is new enough: mostly answered without a word to anybody. Both bounds
     * hold.
     *
     * <p>The lag is that of the newest read that a leader has confirmed for this member, counted from
     * when it was asked for, by this member's clock alone: whatever was committed by then is seen. So a
     * member that is read from asks its leader now and then, at most twice in {@code maxLag}, and serves
     * the reads in between by itself. (A heartbeat would not do: it tells a follower that lags no more
     * than what it has.)
     *
     * @param minIndex what is seen includes the entry of this index, such as that of a write of one's own
     *     ({@link ProposalResult.Applied#id}); waited for, up to the proposal timeout; 0 for any
     * @param maxLag how old what is seen may be when the read is asked for; above 0
     */
    record Stale(long minIndex, Duration maxLag) implements Consistency {
        public Stale {
            if (minIndex < 0) {
                throw new IllegalArgumentException("minIndex is " + minIndex + ", below 0");
            }
            if (maxLag.isNegative() || maxLag.isZero()) {
                throw new IllegalArgumentException("maxLag is " + maxLag + ", not above 0");
            }
        }
    }

    /** The entry {@code minIndex} and all before it, however old that is. */
    static Consistency atLeast(long minIndex) {
        return new Stale(minIndex, ChronoUnit.FOREVER.getDuration());
    }

    /** What was committed {@code maxLag} ago, or later. */
    static Consistency within(Duration maxLag) {
        return new Stale(0, maxLag);
    }
}
