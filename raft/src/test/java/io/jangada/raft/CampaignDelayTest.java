// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Priority among candidates: who waits longer is elected only if the others cannot be. */
final class CampaignDelayTest {
    private static TestNode node(long id, long seed, int delayTicks) {
        return TestNode.of(id, options -> RaftConfig
                .builder(id, options.build().storage(), new Random(seed * 10 + id))
                .campaignDelayTicks(delayTicks), 1, 2, 3);
    }

    private static TestNetwork network(long seed) {
        return TestNetwork.of(node(1, seed, 10), node(2, seed, 0), node(3, seed, 10));
    }

    private static long leaderAfter(TestNetwork network, int ticks, long... ids) {
        for (int tick = 0; tick < ticks; tick++) {
            for (long id : ids) {
                network.tick(id, 1);
                if (network.raft(id).roleName() == RoleName.LEADER) {
                    return id;
                }
            }
        }
        return 0;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theMemberWithoutDelayIsElected(long seed) {
        assertThat(leaderAfter(network(seed), 19, 1, 2, 3)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theOthersStandInForIt(long seed) {
        TestNetwork network = network(seed);
        network.isolate(2);
        assertThat(leaderAfter(network, 100, 1, 3)).isIn(1L, 3L);
    }
}
