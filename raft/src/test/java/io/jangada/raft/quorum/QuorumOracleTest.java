// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/**
 * All quorums among five ids, joint ones and empty halves included, against definitions that count: an
 * index is committed if more than half of each half has it, a vote is decided if the answers that are
 * missing cannot change it.
 */
class QuorumOracleTest {
    private static final int IDS = 5;
    private static final int SUBSETS = 1 << IDS;
    private static final int INDEX_MAX = 3;
    private static final List<Vote> ANSWERS = List.of(Vote.values());

    private static IdSet subset(int bits) {
        IdSet set = IdSet.EMPTY;
        for (int id = 0; id < IDS; id++) {
            set = ((bits >> id) & 1) == 0 ? set : set.with(id + 1L);
        }
        return set;
    }

    /** More than half of the voters, or of no voters all. */
    private static boolean isMajority(int half, LongPredicate agrees) {
        int count = Integer.bitCount(half);
        int agreed = 0;
        for (int id = 0; id < IDS; id++) {
            agreed += ((half >> id) & 1) == 1 && agrees.test(id + 1L) ? 1 : 0;
        }
        return count == 0 || 2 * agreed > count;
    }

    private interface Case {
        void check(int incoming, int outgoing, JointConfig config);
    }

    private static void forAllConfigs(Case each) {
        for (int in = 0; in < SUBSETS; in++) {
            for (int out = 0; out < SUBSETS; out++) {
                each.check(in, out, new JointConfig(new MajorityConfig(subset(in)),
                        new MajorityConfig(subset(out))));
            }
        }
    }

    /** The digits of {@code number} to {@code base}, one for each id. */
    private static int digit(int number, int base, long id) {
        int rest = number;
        for (long i = 1; i < id; i++) {
            rest /= base;
        }
        return rest % base;
    }

    @Test
    void committedIndexIsTheLargestThatAMajorityOfEachHalfHas() {
        int base = INDEX_MAX + 1;
        int[][] acknowledged = table(base);
        long[] scratch = new long[IDS];
        forAllConfigs((in, out, config) -> {
            for (int[] row : acknowledged) {
                long expected = in == 0 && out == 0 ? MajorityConfig.UNLIMITED : 0;
                for (int index = 1; index <= INDEX_MAX && (in | out) != 0; index++) {
                    int least = index;
                    LongPredicate has = id -> row[(int) id] >= least;
                    expected = isMajority(in, has) && isMajority(out, has) ? index : expected;
                }
                long actual = config.committedIndex(id -> row[(int) id], scratch);
                assertEquals(expected, actual, () -> config.toString());
            }
        });
    }

    @Test
    void voteIsDecidedIfMissingAnswersCannotChangeIt() {
        int[][] answers = table(ANSWERS.size());
        forAllConfigs((in, out, config) -> {
            for (int[] row : answers) {
                LongPredicate granted = id -> ANSWERS.get(row[(int) id]) == Vote.GRANTED;
                LongPredicate possible = id -> ANSWERS.get(row[(int) id]) != Vote.REFUSED;
                VoteResult expected = VoteResult.PENDING;
                if (isMajority(in, granted) && isMajority(out, granted)) {
                    expected = VoteResult.WON;
                } else if (!isMajority(in, possible) || !isMajority(out, possible)) {
                    expected = VoteResult.LOST;
                }
                VoteResult actual = config.voteResult(id -> ANSWERS.get(row[(int) id]));
                assertEquals(expected, actual, () -> config.toString());
            }
        });
    }

    /** All rows of one digit to {@code base} for each id. */
    private static int[][] table(int base) {
        int count = 1;
        for (int id = 0; id < IDS; id++) {
            count *= base;
        }
        int[][] rows = new int[count][IDS + 1];
        for (int number = 0; number < count; number++) {
            for (int id = 1; id <= IDS; id++) {
                rows[number][id] = digit(number, base, id);
            }
        }
        return rows;
    }
}
