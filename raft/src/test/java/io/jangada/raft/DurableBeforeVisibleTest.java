// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.MemoryStorage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What promises durability leaves with the write that makes it durable, not before (thesis 3.8). */
class DurableBeforeVisibleTest {
    private static RawNode node(boolean async) {
        var storage = MemoryStorage.withConfState(TestNode.voters(1, 2, 3));
        storage.append(TestNode.entries(1, 1, 1));
        storage.setHardState(new HardState(1, 0, 0));
        return new RawNode(TestNode.plain(1, storage).asyncStorageWrites(async).build());
    }

    private static void saved(RawNode node) {
        node.ready();
        node.advance();
    }

    @Test
    void aVoteAloneIsSavedAndForced() {
        RawNode node = node(false);
        node.step(new Message.VoteRequest(2, 1, 2, new EntryId(1, 1), false)); // A shorter log.
        assertThat(node.ready().hardState()).isEqualTo(new HardState(2, 0, 0));
        node.advance();
        node.step(new Message.VoteRequest(3, 1, 2, new EntryId(1, 2), false));
        Ready ready = node.ready();
        assertThat(ready.hardState()).isEqualTo(new HardState(2, 3, 0));
        assertThat(ready.mustSync()).isTrue();
        assertThat(ready.messages()).containsExactly(new Message.VoteResponse(1, 3, 2, true));
    }

    @Test
    void aCommitIndexAloneIsSavedAndNotForced() {
        RawNode node = node(false);
        node.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        saved(node);
        node.step(new Message.Heartbeat(2, 1, 1, 2, 0));
        Ready ready = node.ready();
        assertThat(ready.hardState()).isEqualTo(new HardState(1, 0, 2));
        assertThat(ready.mustSync()).isFalse();
    }

    @Test
    void votesAndAcknowledgementsWaitForTheDisk() {
        for (Message request : List.of(
                new Message.VoteRequest(2, 1, 2, new EntryId(1, 2), false),
                new Message.VoteRequest(2, 1, 2, new EntryId(1, 1), false),
                new Message.PreVoteRequest(2, 1, 2, new EntryId(1, 2)),
                new Message.AppendRequest(2, 1, 1, new EntryId(1, 2), TestNode.entries(3, 1), 0),
                new Message.AppendRequest(2, 1, 1, new EntryId(1, 9), List.of(), 0))) {
            RawNode node = node(true);
            node.step(request);
            Ready ready = node.ready();
            assertThat(ready.messages()).as("%s", request).isEmpty();
            assertThat(ready.storageAppend().orElseThrow().responses()).as("%s", request)
                    .hasSize(1).allMatch(response -> response.to() == 2);
        }
    }

    @Test
    void answersToHeartbeatsDoNotWait() {
        RawNode node = node(true);
        node.step(new Message.Heartbeat(2, 1, 1, 0, 7));
        assertThat(node.ready().messages())
                .containsExactly(new Message.HeartbeatResponse(1, 2, 1, 7));
    }

    @Test
    void aLeadersOwnEntriesWaitForItsDiskAndItsAppendsDoNot() {
        RawNode node = node(true);
        node.campaign();
        StorageAppend vote = node.ready().storageAppend().orElseThrow();
        node.step(new Message.VoteResponse(2, 1, 2, true));
        assertThat(node.basicStatus().softState().role()).isEqualTo(RoleName.CANDIDATE);
        vote.responses().forEach(one -> node.step(new LocalEvent.Released(one)));
        assertThat(node.basicStatus().softState().role()).isEqualTo(RoleName.LEADER);
        Ready ready = node.ready();
        assertThat(ready.messages()).hasSize(2).allMatch(Message.AppendRequest.class::isInstance);
        node.step(new Message.AppendResponse(2, 1, 2, 3));
        assertThat(node.basicStatus().hardState().commit()).isZero();
        ready.storageAppend().orElseThrow().responses()
                .forEach(one -> node.step(new LocalEvent.Released(one)));
        assertThat(node.basicStatus().hardState().commit()).isEqualTo(3);
    }
}
