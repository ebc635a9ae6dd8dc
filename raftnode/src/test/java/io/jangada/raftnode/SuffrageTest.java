// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SuffrageTest {
    private static final long GROUP = 1;
    private static final long TOKEN = 77;
    private static final EntryId AT_START = new EntryId(5, 100);

    private final List<LocalEvent> core = new ArrayList<>();
    private final Standing standing = new Standing(GROUP, 1, 5,
            ConfState.ofVoters(List.of(1L, 2L, 3L)));
    private final OneLoss losses = new OneLoss();
    private final Suffrage suffrage = new Suffrage(
            GroupConfig.builder(GROUP, GroupStart.NEW,
                    List.of(member(1), member(2), member(3))).build(),
            1, AT_START, standing, core::add, losses);

    private static Member member(long id) {
        return new Member(id, List.of());
    }

    private static final class OneLoss implements Suffrage.Losses {
        private boolean lost;
        /** What waits for the disk, where it is slow. */
        private @Nullable List<Runnable> waiting;

        @Override
        public boolean has(long group) {
            return lost;
        }

        @Override
        public boolean isLoss(long group, long token) {
            return lost && token == TOKEN;
        }

        @Override
        public void add(long group) {
            lost = true;
        }

        @Override
        public void madeGood(long group, Runnable then) {
            lost = false;
            if (waiting == null) {
                then.run();
            } else {
                waiting.add(then);
            }
        }
    }

    private static Message ack(long from, long term, long index) {
        return new Message.AppendResponse(from, 1, term, index);
    }

    private static MemberRecord.Forgotten loss() {
        return new MemberRecord.Forgotten(TOKEN, true);
    }

    @Test
    void abstainsUntilAMajorityHasAnsweredAndTheOthersHadTheirTime() {
        tick(Suffrage.PATIENCE_TICKS);
        suffrage.begin();
        assertThat(core).containsExactly(new LocalEvent.Abstain(true));
        suffrage.answered(9, EntryId.ZERO);
        tick(Suffrage.PATIENCE_TICKS);
        assertThat(suffrage.votes()).isFalse();
        suffrage.answered(2, AT_START);
        tick(Suffrage.PATIENCE_TICKS - 1);
        assertThat(suffrage.votes()).isFalse();
        tick(1);
        assertThat(suffrage.votes()).isTrue();
        assertThat(core).last().isEqualTo(new LocalEvent.Abstain(false));
    }

    private void tick(int times) {
        for (int i = 0; i < times; i++) {
            suffrage.tick();
        }
    }

    @Test
    void waitsForNobodyOnceAllHaveAnswered() {
        suffrage.begin();
        suffrage.answered(2, AT_START);
        suffrage.answered(3, AT_START);
        assertThat(suffrage.votes()).isTrue();
    }

    /** Simulated: the majority had never heard of a member that was wiped, and answered first. */
    @Test
    void whoAnswersAMomentLaterThanAMajorityProvesALossToo() {
        suffrage.begin();
        suffrage.answered(2, EntryId.ZERO);
        assertThat(suffrage.votes()).isFalse();
        suffrage.answered(3, new EntryId(6, 0));
        tick(Suffrage.PATIENCE_TICKS);
        assertThat(losses.lost).isTrue();
        assertThat(suffrage.votes()).isFalse();
    }

    /** The others do not know better; it does, and tells of what it knows once the run before is certainly over. */
    @Test
    void whoKnowsOfAnotherRunIsWaitedFor() {
        suffrage.begin();
        suffrage.doubted(3);
        suffrage.answered(2, EntryId.ZERO);
        tick(10 * Suffrage.PATIENCE_TICKS);
        assertThat(suffrage.votes()).isFalse();
        suffrage.answered(3, AT_START);
        assertThat(suffrage.votes()).isTrue();
    }

    /** The host looks at each tick, perhaps before the group has begun. */
    @Test
    void aLookBeforeTheBeginningChangesNothing() {
        standing.confState(ConfState.ofVoters(List.of(1L)));
        suffrage.tick();
        suffrage.begin();
        assertThat(core).containsExactly(new LocalEvent.Abstain(true),
                new LocalEvent.Abstain(false));
        assertThat(suffrage.votes()).isTrue();
    }

    @Test
    void whoKnowsALaterTermOrIndexProvesALoss() {
        for (EntryId claim : List.of(new EntryId(6, 0), new EntryId(5, 101))) {
            core.clear();
            losses.lost = false;
            suffrage.begin();
            suffrage.answered(2, claim);
            suffrage.answered(3, EntryId.ZERO);
            assertThat(losses.lost).as("%s", claim).isTrue();
            assertThat(suffrage.votes()).isFalse();
        }
    }

    @Test
    void aLongerLogOfAnEarlierTermIsNoLoss() {
        suffrage.begin();
        suffrage.answered(2, new EntryId(4, 500));
        suffrage.answered(3, EntryId.ZERO);
        assertThat(losses.lost).isFalse();
        assertThat(suffrage.votes()).isTrue();
    }

    @Test
    void votesAgainWithThePromotionAfterThisLossOnly() {
        suffrage.begin();
        suffrage.answered(2, new EntryId(6, 0));
        suffrage.promoted(TOKEN + 1);
        assertThat(suffrage.votes()).isFalse();
        suffrage.promoted(TOKEN);
        assertThat(suffrage.votes()).isTrue();
    }

    /** A peer that could not answer before tells of the loss that is made good. */
    @Test
    void aClaimOfARunBeforeTheRepairProvesNoOtherLoss() {
        suffrage.begin();
        suffrage.answered(2, new EntryId(6, 0));
        suffrage.promoted(TOKEN);
        suffrage.answered(3, new EntryId(6, 0));
        assertThat(losses.lost).isFalse();
        assertThat(suffrage.votes()).isTrue();
    }

    /** Simulated: it forgot a second time, and two of three did not vote. */
    @Test
    void norDoesItWhileTheRepairIsNotDurableYet() {
        List<Runnable> disk = repairedOnASlowDisk();
        suffrage.answered(3, new EntryId(6, 0));
        assertThat(losses.lost).isFalse();
        disk.forEach(Runnable::run);
        assertThat(suffrage.votes()).isTrue();
    }

    @Test
    void aLossThatIsFoundBeforeTheRepairOfAnotherIsDurableStays() {
        List<Runnable> disk = repairedOnASlowDisk();
        suffrage.forget("another run");
        disk.forEach(Runnable::run);
        assertThat(suffrage.votes()).isFalse();
    }

    /** What the disk has yet to do then. */
    private List<Runnable> repairedOnASlowDisk() {
        List<Runnable> disk = new ArrayList<>();
        losses.waiting = disk;
        suffrage.begin();
        suffrage.answered(2, new EntryId(6, 0));
        suffrage.promoted(TOKEN);
        return disk;
    }

    @Test
    void whatAVoterConfirmsDoesNotCountUntilItKnowsThatItHasForgottenNothing() {
        Message heartbeat = new Message.HeartbeatResponse(2, 1, 5, 3);
        assertThat(suffrage.counts(ack(2, 5, 90), null, false)).isFalse();
        assertThat(suffrage.counts(heartbeat, null, false)).isFalse();
        assertThat(suffrage.counts(ack(2, 5, 90), loss(), true)).isFalse();
        assertThat(suffrage.takeAcknowledged(2)).isEqualTo(EntryId.ZERO);
        assertThat(suffrage.counts(ack(2, 5, 90), null, true)).isTrue();
        assertThat(suffrage.counts(heartbeat, null, true)).isTrue();
        assertThat(suffrage.takeAcknowledged(2)).isEqualTo(new EntryId(5, 90));
    }

    @Test
    void whatALearnerConfirmsCountsAndSoItDoesAfterThePromotion() {
        standing.confState(new ConfState(List.of(1L, 3L), List.of(2L), List.of(), List.of(),
                false));
        assertThat(suffrage.counts(ack(2, 5, 90), loss(), true)).isTrue();
        suffrage.peerPromoted(2, TOKEN);
        standing.confState(ConfState.ofVoters(List.of(1L, 2L, 3L)));
        assertThat(suffrage.counts(ack(2, 5, 91), loss(), true)).isTrue();
        assertThat(suffrage.counts(ack(2, 5, 91),
                new MemberRecord.Forgotten(TOKEN + 1, true), true)).isFalse();
    }

    @Test
    void theTermOfAVoteIsAcknowledgedWithIt() {
        assertThat(suffrage.counts(new Message.VoteResponse(2, 1, 6, false), null, true)).isTrue();
        assertThat(suffrage.takeAcknowledged(2)).isEqualTo(EntryId.ZERO);
        assertThat(suffrage.counts(new Message.VoteResponse(2, 1, 6, true), null, true)).isTrue();
        assertThat(suffrage.takeAcknowledged(2)).isEqualTo(new EntryId(6, 0));
    }

    @Test
    void requestsOfAnybodyAreHeard() {
        assertThat(suffrage.counts(new Message.VoteRequest(2, 1, 6, AT_START, false), loss(),
                false)).isTrue();
    }

    @Test
    void aMemberIsSparedOnlyWhereTheOthersGoOn() {
        ConfState three = ConfState.ofVoters(List.of(1L, 2L, 3L));
        assertThat(Suffrage.canSpare(2, three, id -> true)).isTrue();
        assertThat(Suffrage.canSpare(2, three, id -> id == 1)).isFalse();
        assertThat(Suffrage.canSpare(2, ConfState.ofVoters(List.of(1L, 2L)), id -> id == 1))
                .isTrue();
    }
}
