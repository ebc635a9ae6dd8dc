// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.MemoryStorage;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What cores of other implementations have got wrong, each shown not to be so here; see docs/reliability.md. */
final class FieldBugsTest {
    private static final Bytes READ = Bytes.utf8("read");

    /** Leads 1, 2 and 3 in term 1; member 2 has acknowledged the first entry, 3 nothing. */
    private static TestNode leader() {
        TestNode leader = TestNode.of(1, 1, 2, 3).leader();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 1));
        leader.messages();
        return leader;
    }

    @Test
    @DisplayName("an answer to a heartbeat acknowledges no entry")
    void anAnswerToAHeartbeatAcknowledgesNothing() {
        TestNode leader = leader();
        leader.propose("lost on its way");
        leader.messages();
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, 0));
        assertThat(leader.progress(2).match()).isEqualTo(1);
        assertThat(leader.committed()).isEqualTo(1);
    }

    @Test
    @DisplayName("a vote leaves with the write of its term and vote, not before")
    void aVoteLeavesWithTheWriteOfItsTermAndVote() {
        RawNode node = follower(MemoryStorage.withConfState(TestNode.voters(1, 2, 3)));
        node.step(new Message.VoteRequest(2, 1, 1, EntryId.ZERO, false));
        Ready ready = node.ready();
        assertThat(ready.messages()).isEmpty();
        StorageAppend write = ready.storageAppend().orElseThrow();
        assertThat(write.hardState()).isEqualTo(new HardState(1, 2, 0));
        assertThat(write.responses()).containsExactly(new Message.VoteResponse(1, 2, 1, true));
    }

    /** Member 1 of three, whose storage writes when the test says so. */
    private static RawNode follower(MemoryStorage storage) {
        return new RawNode(TestNode.plain(1, storage).asyncStorageWrites(true).build());
    }

    /** Entry 2 of term 1 was never committed; the leader of term 2 has committed another one there. */
    @Test
    @DisplayName("a follower commits what an append has confirmed, not all it has")
    void aFollowerCommitsNoFurtherThanTheAppendConfirms() {
        TestNode follower = TestNode.withLog(1, new HardState(1, 0, 0), new long[]{1, 1}, 1, 2, 3);
        follower.raft.step(new Message.AppendRequest(2, 1, 2, TestNode.id(1, 1), List.of(), 2));
        assertThat(follower.committed()).isEqualTo(1);
        assertThat(follower.applyCommitted()).hasSize(1);
    }

    @Test
    @DisplayName("a heartbeat tells nobody to commit what it is not known to have")
    void aHeartbeatCommitsNoFurtherThanItsReceiverMatches() {
        TestNode leader = leader();
        leader.tick(1);
        assertThat(leader.messages(Message.Heartbeat.class)).containsExactly(
                new Message.Heartbeat(1, 2, 1, 1, 0), new Message.Heartbeat(1, 3, 1, 0, 0));
    }

    @Test
    @DisplayName("a follower applies nothing past its commit index, however much of the log it has")
    void aFollowerAppliesNothingPastItsCommitIndex() {
        TestNode follower = TestNode.of(1, 1, 2, 3).follower(1, 2);
        follower.raft.step(new Message.AppendRequest(2, 1, 1, EntryId.ZERO,
                TestNode.entries(1, 1, 1, 1), 2));
        follower.save();
        assertThat(follower.applyCommitted()).hasSize(2);
        follower.raft.step(new Message.AppendRequest(2, 1, 1, TestNode.id(3, 1),
                TestNode.entries(4, 1), 2));
        follower.save();
        assertThat(follower.applyCommitted()).isEmpty();
        assertThat(follower.raft.log().applied()).isEqualTo(2);
    }

    /** Asked again under its name, a read has the index of its own time, and an echo of before says nothing of that. */
    @Test
    @DisplayName("the quorum of a read is not that of the same read asked again")
    void aReadAskedAgainUnderItsContextNeedsAQuorumOfItsOwn() {
        TestNode leader = leader();
        leader.raft.role().readIndex(1, READ);
        long first = leader.messages(Message.Heartbeat.class).getFirst().readPosition();
        leader.propose("between the two");
        leader.messages();
        leader.raft.step(new Message.AppendResponse(2, 1, 1, 2));
        leader.raft.role().readIndex(1, READ);
        leader.messages();
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, first));
        assertThat(leader.raft.readStates()).containsExactly(new ReadState(1, READ));
        leader.raft.step(new Message.HeartbeatResponse(2, 1, 1, first + 1));
        assertThat(leader.raft.readStates())
                .containsExactly(new ReadState(1, READ), new ReadState(2, READ));
    }

    /**
     * The entry of term 1 is written, overwritten by one of term 2, and written again as the leader of term 3 has
     * it. When the first write is acknowledged, the last one is still under way, and the disk will hold the entry of
     * term 2 in between.
     */
    @Test
    @DisplayName("the acknowledgement of a write before the last makes nothing stable (ABA)")
    void anAcknowledgementOfAnEarlierWriteMakesNothingStable() {
        MemoryStorage storage = MemoryStorage.withConfState(TestNode.voters(1, 2, 3));
        RawNode node = follower(storage);
        StorageAppend first = written(node, 2, 1, 1);
        StorageAppend second = written(node, 3, 2, 2);
        StorageAppend last = written(node, 2, 3, 1);
        storage.append(first.entries());
        node.step(first.done().orElseThrow());
        assertThat(node.ready().storageApply()).isEmpty();
        storage.append(second.entries());
        storage.append(last.entries());
        node.step(last.done().orElseThrow());
        assertThat(node.ready().storageApply().orElseThrow().entries())
                .isEqualTo(TestNode.entries(1, 1));
    }

    /** What {@code node} has to write when the leader of {@code term} has committed an entry of {@code entryTerm}. */
    private static StorageAppend written(RawNode node, long leader, long term, long entryTerm) {
        node.step(new Message.AppendRequest(leader, 1, term, EntryId.ZERO,
                TestNode.entries(1, entryTerm), term == 3 ? 1 : 0));
        return node.ready().storageAppend().orElseThrow();
    }

    /** Of two changes one at a time, a new leader must not begin the second while the first may be under way (2015). */
    @Test
    @DisplayName("a new leader changes no members before it has applied what it found")
    void aNewLeaderChangesNothingBeforeItsFirstCommit() {
        ConfChange found = TestNode.change(ConfChangeType.ADD_NODE, 4);
        ConfChange next = TestNode.change(ConfChangeType.REMOVE_NODE, 3);
        MemoryStorage storage = MemoryStorage.withConfState(TestNode.voters(1, 2, 3));
        storage.append(List.of(new Entry(1, 1, found.entryType(), ConfChangeCodec.encode(found))));
        storage.setHardState(new HardState(1, 0, 0));
        TestNode leader = new TestNode(storage, 1, options -> options).leader();

        leader.propose(next);
        leader.messages();
        assertThat(leader.log()).last()
                .isEqualTo(new Entry(2, 3, EntryType.NORMAL, Bytes.EMPTY));

        leader.raft.step(new Message.AppendResponse(2, 1, 2, 3));
        assertThat(leader.applyCommitted()).hasSize(3);
        leader.apply(ConfChangeType.ADD_NODE, 4);
        leader.propose(next);
        assertThat(leader.log()).last().extracting(Entry::type).isEqualTo(next.entryType());
    }
}
