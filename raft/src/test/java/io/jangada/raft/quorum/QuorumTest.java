// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Majorities against an oracle that counts: P2. */
final class QuorumTest {
    private static final long SEED = 20_261_123;

    private static MajorityConfig voters(Random random) {
        long[] ids = new long[1 + random.nextInt(9)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.nextInt(30);
        }
        return new MajorityConfig(IdSet.of(ids));
    }

    /** The largest index that more than half of the voters have reached. */
    private static long counted(MajorityConfig config, long[] acknowledged) {
        for (long index = 40; index > 0; index--) {
            int reached = 0;
            for (long id : config.voters().toArray()) {
                reached += acknowledged[(int) id] >= index ? 1 : 0;
            }
            if (2 * reached > config.voters().size()) {
                return index;
            }
        }
        return 0;
    }

    @Test
    @DisplayName("P2 the committed index is the largest that a majority has reached")
    void p2CommittedIndex() {
        var random = new Random(SEED);
        for (int round = 0; round < 50_000; round++) {
            MajorityConfig first = voters(random);
            MajorityConfig second = voters(random);
            long[] acknowledged = new long[30];
            for (int id = 0; id < acknowledged.length; id++) {
                acknowledged[id] = random.nextInt(3) == 0 ? 0 : random.nextInt(41);
            }
            LongUnaryOperator of = id -> acknowledged[(int) id];
            assertThat(first.committedIndex(of)).as("seed %s round %s", SEED, round)
                    .isEqualTo(counted(first, acknowledged));
            assertThat(new JointConfig(first, second).committedIndex(of))
                    .as("seed %s round %s", SEED, round)
                    .isEqualTo(Math.min(counted(first, acknowledged),
                            counted(second, acknowledged)));
        }
    }

    @Test
    @DisplayName("a set of ids adds, removes and unites")
    void setsOfIds() {
        IdSet set = IdSet.of(3, 1, 3).with(2).with(1);
        assertThat(set.toList()).containsExactly(1L, 2L, 3L);
        assertThat(set.without(2).without(9).toList()).containsExactly(1L, 3L);
        assertThat(set.union(IdSet.of(0, 3, 10)).toString()).isEqualTo("(0 1 2 3 a)");
        assertThat(IdSet.of(1).without(1)).isEqualTo(IdSet.EMPTY);
    }
}
