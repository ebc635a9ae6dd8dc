// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.TransferEnd.Result;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.Message;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An accepted transfer tells how it ended, whoever leads and whatever happens (Raft thesis 3.10). */
final class TransferRequestsTest {
    private static TestNetwork ledByOne() {
        TestNetwork network = TestNetwork.of(3);
        network.campaign(1);
        return network;
    }

    private static void begin(TestNetwork network, long at, long target) {
        assertThat(network.raft(at).transferRequests().begin(target))
                .isEqualTo(new TransferOutcome.Accepted(1));
    }

    private static List<TransferEnd> ends(TestNetwork network, long at) {
        return network.raft(at).transferRequests().takeEnded();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theEndIsToldWhereItWasAsked(long asked) {
        TestNetwork network = ledByOne();
        begin(network, asked, 2);
        assertThat(ends(network, asked)).isEmpty();
        network.pump();
        assertThat(ends(network, asked))
                .containsExactly(new TransferEnd(2, Result.TRANSFERRED, 2));
        assertThat(ends(network, asked)).as("told once").isEmpty();
    }

    @Test
    void aTargetThatCannotBeReachedTimesOut() {
        TestNetwork network = ledByOne();
        network.isolate(3);
        begin(network, 1, 3);
        begin(network, 2, 3);
        network.pump();
        network.tick(1, 9);
        assertThat(ends(network, 1)).isEmpty();
        network.tick(1, 1);
        assertThat(ends(network, 1)).containsExactly(new TransferEnd(3, Result.TIMED_OUT, 1));
        for (int i = 0; i < 20; i++) {
            network.tick(1, 1);
            network.tick(2, 1);
        }
        assertThat(ends(network, 2)).containsExactly(new TransferEnd(3, Result.TIMED_OUT, 1));
    }

    @Test
    void anotherTargetReplacesIt() {
        TestNetwork network = ledByOne();
        network.isolate(3);
        begin(network, 1, 3);
        begin(network, 1, 3);
        begin(network, 1, 2);
        assertThat(ends(network, 1)).containsExactly(new TransferEnd(3, Result.REPLACED, 1));
        network.pump();
        assertThat(ends(network, 1)).containsExactly(new TransferEnd(2, Result.TRANSFERRED, 2));
    }

    @Test
    void anotherMemberMayWin() {
        TestNetwork network = ledByOne();
        network.isolate(3);
        begin(network, 1, 3);
        network.campaign(2);
        assertThat(ends(network, 1)).containsExactly(new TransferEnd(3, Result.OTHER_LEADER, 2));
    }

    @Test
    void theTargetMayBeRemoved() {
        TestNetwork network = ledByOne();
        network.isolate(3);
        begin(network, 1, 3);
        network.node(1).apply(ConfChangeType.REMOVE_NODE, 3);
        assertThat(ends(network, 1))
                .containsExactly(new TransferEnd(3, Result.TARGET_REMOVED, 1));
    }

    @Test
    void refusedOnesHaveNoEnd() {
        TestNetwork network = ledByOne();
        assertThat(network.raft(1).transferRequests().begin(4))
                .isEqualTo(new TransferOutcome.Dropped(DropReason.BAD_TRANSFER_TARGET, 1));
        network.tick(1, 30);
        assertThat(ends(network, 1)).isEmpty();
    }

    @Test
    void theyAreBounded() {
        TestNode follower = TestNode.of(1, 1, 2, 3);
        follower.raft.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        for (int i = 0; i < TransferRequests.COUNT_MAX; i++) {
            assertThat(follower.raft.transferRequests().begin(100 + i))
                    .isEqualTo(new TransferOutcome.Accepted(2));
        }
        assertThat(follower.raft.transferRequests().begin(3))
                .isEqualTo(new TransferOutcome.Dropped(DropReason.OVERLOADED, 2));
    }
}
