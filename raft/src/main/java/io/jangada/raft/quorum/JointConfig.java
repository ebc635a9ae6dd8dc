// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.quorum;

import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * Two sets of voters that must both agree (Raft thesis 4.3; etcd raft: JointConfig). Immutable.
 *
 * @param incoming the voters of the new configuration, or of the only one
 * @param outgoing the voters of the old configuration; empty if there is no joint configuration
 */
public record JointConfig(MajorityConfig incoming, MajorityConfig outgoing) {
    /** Nobody decides. */
    public static final JointConfig EMPTY = new JointConfig(MajorityConfig.EMPTY,
            MajorityConfig.EMPTY);

    /** The voters of both halves. */
    public IdSet voters() {
        return incoming.voters().union(outgoing.voters());
    }

    /** Whether {@code id} is in one of the halves. */
    public boolean contains(long id) {
        return incoming.voters().contains(id) || outgoing.voters().contains(id);
    }

    /** The largest index that a majority of each half has acknowledged; see {@link MajorityConfig}. */
    public long committedIndex(LongUnaryOperator acknowledged) {
        return Math.min(incoming.committedIndex(acknowledged),
                outgoing.committedIndex(acknowledged));
    }

    /**
     * As above, without an allocation.
     *
     * @param scratch overwritten; at least as long as the larger half
     */
    public long committedIndex(LongUnaryOperator acknowledged, long[] scratch) {
        return Math.min(incoming.committedIndex(acknowledged, scratch),
                outgoing.committedIndex(acknowledged, scratch));
    }

    /** How a vote stands: won if both halves are won, lost if one is lost. */
    public VoteResult voteResult(LongFunction<Vote> votes) {
        VoteResult in = incoming.voteResult(votes);
        VoteResult out = outgoing.voteResult(votes);
        if (in == out) {
            return in;
        }
        return in == VoteResult.LOST || out == VoteResult.LOST
                ? VoteResult.LOST
                : VoteResult.PENDING;
    }
}
