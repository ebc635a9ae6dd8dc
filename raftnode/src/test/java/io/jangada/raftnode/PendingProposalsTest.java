// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.DropReason;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PendingProposalsTest {
    private final PendingProposals<ProposalResult<String>> pending = new PendingProposals<>(0, 10,
            new ProposalEndings<>(), () -> 1);

    /** One that waits, and its future. */
    private final class Waiting {
        private final CompletableFuture<ProposalResult<String>> future = new CompletableFuture<>();
        private final PendingProposals<ProposalResult<String>>.Pending proposal;

        Waiting(long sequence, long deadlineTick) {
            proposal = Objects.requireNonNull(
                    pending.command(Bytes.EMPTY, sequence, future, deadlineTick));
        }
    }

    @Test
    void eachEndsAtItsOwnDeadline() {
        var first = new Waiting(1, 10);
        pending.expire(1);
        var second = new Waiting(2, 11);
        var answered = new Waiting(3, 11);
        second.proposal.proposed(new ProposeOutcome.Appended(new EntryId(1, 1)));
        pending.end(3, new ProposalResult.Applied<>(new EntryId(1, 2), "answer"));

        pending.expire(9);
        assertThat(first.future).isNotDone();
        assertThat(first.proposal.isWanted()).isTrue();
        pending.expire(10);
        assertThat(first.future.join()).isInstanceOf(ProposalResult.Refused.class);
        assertThat(first.proposal.isWanted()).isFalse();
        assertThat(second.future).isNotDone();
        pending.expire(11);
        assertThat(second.future.join()).isInstanceOf(ProposalResult.Unknown.class);
        assertThat(answered.future.join()).isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void whatComesAfterAllHaveEndedEndsToo() {
        assertThat(new Waiting(1, 10).future).isNotDone();
        pending.expire(10);
        var later = new Waiting(2, 20);
        pending.expire(19);
        assertThat(later.future).isNotDone();
        pending.expire(20);
        assertThat(later.future).isDone();
        assertThat(pending.count()).isZero();
    }

    @Test
    void whatTheCoreDropsIsRefused() {
        var dropped = new Waiting(1, 10);
        dropped.proposal.proposed(new ProposeOutcome.Dropped(DropReason.UNCOMMITTED_LIMIT, 1));
        assertThat(dropped.future.join()).isInstanceOf(ProposalResult.Refused.class);
        assertThat(pending.count()).isZero();
    }

    @Test
    void moreThanTheBoundAreNotTaken() {
        for (int i = 1; i <= 10; i++) {
            assertThat(new Waiting(i, 10).future).isNotDone();
        }
        assertThat(pending.command(Bytes.EMPTY, 11, new CompletableFuture<>(), 10)).isNull();
        pending.expire(10);
        assertThat(new Waiting(12, 20).future).isNotDone();
    }
}
