// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.quorum;

import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * Voters that decide by majority (Raft thesis 3.4, 3.6; etcd raft: MajorityConfig). Immutable.
 *
 * <p>No voters at all agree to everything: so an absent half of a {@link JointConfig} never decides.
 *
 * @param voters who decides
 */
public record MajorityConfig(IdSet voters) {
    /** Nobody decides. */
    public static final MajorityConfig EMPTY = new MajorityConfig(IdSet.EMPTY);

    /** What no voters at all have committed: no limit. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** How many voters make a quorum. */
    public int quorum() {
        return voters.size() / 2 + 1;
    }

    /**
     * The largest index that a majority has acknowledged; {@link #UNLIMITED} without voters.
     *
     * @param acknowledged for each voter the index that it has acknowledged, 0 if none is known
     */
    public long committedIndex(LongUnaryOperator acknowledged) {
        return committedIndex(acknowledged, new long[voters.size()]);
    }

    /**
     * As above, without an allocation.
     *
     * @param scratch overwritten; at least as long as there are voters
     */
    public long committedIndex(LongUnaryOperator acknowledged, long[] scratch) {
        int count = voters.size();
        if (count == 0) {
            return UNLIMITED;
        }
        for (int i = 0; i < count; i++) {
            insert(scratch, i, acknowledged.applyAsLong(voters.at(i)));
        }
        return scratch[count - quorum()];
    }

    /** Adds a number to the first {@code count}, which are ascending: few enough to do it by hand. */
    private static void insert(long[] ascending, int count, long index) {
        int at = count;
        while (at > 0 && ascending[at - 1] > index) {
            ascending[at] = ascending[at - 1];
            at--;
        }
        ascending[at] = index;
    }

    /** How a vote stands; won without voters. */
    public VoteResult voteResult(LongFunction<Vote> votes) {
        if (voters.isEmpty()) {
            return VoteResult.WON;
        }
        int granted = 0;
        int missing = 0;
        for (int i = 0; i < voters.size(); i++) {
            switch (votes.apply(voters.at(i))) {
                case GRANTED -> granted++;
                case MISSING -> missing++;
                case REFUSED -> {
                }
            }
        }
        if (granted >= quorum()) {
            return VoteResult.WON;
        }
        return granted + missing >= quorum() ? VoteResult.PENDING : VoteResult.LOST;
    }
}
