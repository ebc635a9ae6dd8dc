// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.ConfState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FirstElectionTest {
    private static final ConfState THREE = ConfState.ofVoters(List.of(1L, 2L, 3L));

    private final Set<Long> connected = new HashSet<>();
    private final Counts counts = new Counts();

    @Test
    void theOnlyVoterCampaignsUntilItLeads() {
        FirstElection election = election(10, true);
        election.look(0, 0, ConfState.ofVoters(List.of(1L)));
        election.look(1, 0, ConfState.ofVoters(List.of(1L)));
        assertThat(counts.campaigns).isEqualTo(2);
        election.look(2, 1, ConfState.ofVoters(List.of(1L)));
        election.look(3, 0, ConfState.ofVoters(List.of(1L)));
        assertThat(counts.campaigns).isEqualTo(2);
        assertThat(counts.ticks).isZero();
    }

    @Test
    void oneOfThreeSkipsTheTimeoutOnceItReachesAMajority() {
        FirstElection election = election(10, true);
        election.look(0, 0, THREE);
        connected.add(9L);
        election.look(1, 0, THREE);
        assertThat(counts.ticks).isZero();
        connected.add(3L);
        election.look(2, 0, THREE);
        assertThat(counts.ticks).isEqualTo(8);
        assertThat(counts.campaigns).isZero();
        election.look(3, 0, THREE);
        election.look(4, 0, THREE);
        assertThat(counts.ticks).isEqualTo(8);
    }

    @Test
    void theFirstOfThoseThatReachEachOtherCampaignsOnceATickLater() {
        FirstElection first = election(2, 10, true);
        connected.add(3L);
        first.look(0, 0, THREE);
        assertThat(counts.campaigns).isZero();
        first.look(1, 0, THREE);
        first.look(2, 0, THREE);
        assertThat(counts.campaigns).isEqualTo(1);

        connected.add(1L);
        FirstElection second = election(2, 10, true);
        second.look(0, 0, THREE);
        second.look(1, 0, THREE);
        second.look(2, 0, THREE);
        assertThat(counts.campaigns).isEqualTo(1);
    }

    @Test
    void aLeaderThatIsHeardInTimeIsNotChallenged() {
        connected.add(3L);
        FirstElection election = election(10, true);
        election.look(0, 0, THREE);
        election.look(1, 3, THREE);
        election.look(2, 0, THREE);
        assertThat(counts.campaigns).isZero();
    }

    @Test
    void membersThatStartTogetherElectWithinFourTicks() throws Exception {
        Cluster cluster = Cluster.of(3);
        assertThat(cluster.loops.runUntil(() -> cluster.leader() != 0, Duration.ofMillis(400)))
                .isTrue();
    }

    @Test
    void aLongTimeoutIsSkippedInParts() {
        FirstElection election = election(102, true);
        connected.add(2L);
        election.look(0, 0, THREE);
        assertThat(counts.ticks).isEqualTo(64);
        election.look(1, 0, THREE);
        assertThat(counts.ticks).isEqualTo(100);
    }

    @Test
    void nothingIsSkippedWithALeaderOrLateOrByALearnerOrWhenOff() {
        connected.add(2L);
        election(10, true).look(1, 2, THREE);
        election(10, true).look(51, 0, THREE);
        election(10, true).look(1, 0, ConfState.ofVoters(List.of(2L, 3L)));
        election(10, false).look(1, 0, THREE);
        assertThat(counts.ticks).isZero();
        assertThat(counts.campaigns).isZero();
    }

    @Test
    void aGroupOfOneServesBeforeItsFirstTick() throws Exception {
        Cluster cluster = Cluster.of(1);
        assertThat(cluster.loops.runUntil(() -> cluster.leader() == 1, Duration.ofMillis(50)))
                .isTrue();
    }

    private FirstElection election(int electionTimeoutTicks, boolean early) {
        return election(1, electionTimeoutTicks, early);
    }

    private FirstElection election(long member, int electionTimeoutTicks, boolean early) {
        GroupConfig config = GroupConfig
                .builder(1, GroupStart.NEW, List.of(new Member(1, List.of())))
                .electionTimeoutTicks(electionTimeoutTicks).earlyElection(early).build();
        return new FirstElection(config, member, connected::contains, counts);
    }

    private static final class Counts implements FirstElection.Core {
        private int campaigns;
        private int ticks;

        @Override
        public void campaign() {
            campaigns++;
        }

        @Override
        public void tick() {
            ticks++;
        }
    }
}
