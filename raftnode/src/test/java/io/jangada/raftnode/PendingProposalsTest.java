// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.model.EntryId;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PendingProposalsTest {
    private final PendingProposals<ProposalResult<String>> pending = new PendingProposals<>(0, 10,
            new ProposalEndings<>(), () -> 1);

    @Test
    void eachEndsAtItsOwnDeadline() {
        CompletableFuture<ProposalResult<String>> first = add(1, 10);
        pending.expire(1);
        CompletableFuture<ProposalResult<String>> second = add(2, 11);
        CompletableFuture<ProposalResult<String>> answered = add(3, 11);
        pending.proposed(2, new ProposeOutcome.Appended(new EntryId(1, 1)));
        pending.end(3, new ProposalResult.Applied<>(new EntryId(1, 2), "answer"));

        pending.expire(9);
        assertThat(first).isNotDone();
        pending.expire(10);
        assertThat(first.join()).isInstanceOf(ProposalResult.Refused.class);
        assertThat(second).isNotDone();
        pending.expire(11);
        assertThat(second.join()).isInstanceOf(ProposalResult.Unknown.class);
        assertThat(answered.join()).isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void whatComesAfterAllHaveEndedEndsToo() {
        assertThat(add(1, 10)).isNotDone();
        pending.expire(10);
        CompletableFuture<ProposalResult<String>> later = add(2, 20);
        pending.expire(19);
        assertThat(later).isNotDone();
        pending.expire(20);
        assertThat(later).isDone();
        assertThat(pending.count()).isZero();
    }

    @Test
    void moreThanTheBoundAreNotTaken() {
        for (int i = 1; i <= 10; i++) {
            assertThat(pending.add(i, new CompletableFuture<>(), 10)).isTrue();
        }
        assertThat(pending.add(11, new CompletableFuture<>(), 10)).isFalse();
        pending.expire(10);
        assertThat(pending.add(12, new CompletableFuture<>(), 20)).isTrue();
    }

    private CompletableFuture<ProposalResult<String>> add(long sequence, long deadlineTick) {
        CompletableFuture<ProposalResult<String>> future = new CompletableFuture<>();
        assertThat(pending.add(sequence, future, deadlineTick)).isTrue();
        return future;
    }
}
