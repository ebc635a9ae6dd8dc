// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Asynchronous cores whose log writers work when the test says so: a follower's bound, a leader's fitness. */
final class SlowStorageTest {
    private MemoryStorage storage = MemoryStorage.withConfState(TestNode.voters(1, 2, 3));
    private final ArrayDeque<StorageAppend> writes = new ArrayDeque<>();
    private final List<Message> sent = new ArrayList<>();

    private RaftConfig.Builder config() {
        return RaftConfig.builder(1, storage, new Random(1)).asyncStorageWrites(true)
                .preVote(false);
    }

    private void work(RawNode core) {
        while (core.hasReady()) {
            Ready ready = core.ready();
            sent.addAll(ready.messages());
            ready.storageAppend().ifPresent(writes::add);
            ready.storageApply().ifPresent(apply -> core.step(apply.done()));
        }
    }

    private void writeAll(RawNode core) {
        while (!writes.isEmpty()) {
            StorageAppend append = writes.remove();
            if (!append.hardState().isEmpty()) {
                storage.setHardState(append.hardState());
            }
            storage.append(append.entries());
            for (Message response : append.responses()) {
                if (response.to() == 1) {
                    core.step(new LocalEvent.Released(response));
                } else {
                    sent.add(response);
                }
            }
            append.done().ifPresent(core::step);
            work(core);
        }
    }

    private static Message.AppendRequest append(long previous, int count) {
        var entries = new ArrayList<Entry>();
        for (int i = 1; i <= count; i++) {
            entries.add(new Entry(1, previous + i, EntryType.NORMAL, Bytes.utf8("x".repeat(36))));
        }
        return new Message.AppendRequest(2, 1, 1, new EntryId(previous == 0 ? 0 : 1, previous),
                entries, 0);
    }

    private void hear(RawNode core, Message message) {
        core.step(message);
        work(core);
    }

    @Test
    void aFollowerRefusesBeyondItsBoundAndSaysSoOnceThereIsRoom() {
        var core = new RawNode(config().maxUnstableBytes(200).build()); // Entries of 100 bytes.
        hear(core, append(0, 1));
        hear(core, append(1, 1));
        hear(core, append(2, 1)); // Two wait: full.
        assertThat(core.basicStatus().last().index()).isEqualTo(2);
        hear(core, append(0, 2));
        assertThat(core.basicStatus().last().index()).as("known ones need no room").isEqualTo(2);
        assertThat(sent).as("the leader hears nothing before there is room").isEmpty();
        writeAll(core);
        assertThat(sent).containsExactly(new Message.AppendResponse(1, 2, 1, 1),
                new Message.AppendResponse(1, 2, 1, 2),
                new Message.AppendReject(1, 2, 1, 2, new EntryId(1, 2)),
                new Message.AppendResponse(1, 2, 1, 2));
        hear(core, append(2, 1));
        assertThat(core.basicStatus().last().index()).isEqualTo(3);
    }

    @Test
    void theLeaderGoesBackAndSendsAgain() {
        TestNode leader = TestNode.of(9, options -> options.maxMessageBytes(0), 1, 9).leader();
        for (int i = 0; i < 3; i++) {
            leader.propose("x");
        }
        leader.raft.step(new Message.AppendResponse(1, 9, 1, 1));
        leader.messages(); // Entries 2, 3 and 4 are on their way.
        assertThat(leader.progress(1).next()).isEqualTo(5);
        leader.raft.step(new Message.AppendResponse(1, 9, 1, 2));
        leader.messages();
        leader.raft.step(new Message.AppendReject(1, 9, 1, 2, new EntryId(1, 2)));
        leader.raft.step(new Message.AppendReject(1, 9, 1, 3, new EntryId(1, 2)));
        var again = leader.messages(Message.AppendRequest.class);
        assertThat(again).as("one probe, from what was acknowledged").hasSize(1);
        assertThat(again.getFirst().previous().index()).isEqualTo(2);
        leader.raft.step(new Message.AppendResponse(1, 9, 1, 3));
        assertThat(leader.messages(Message.AppendRequest.class)).last()
                .satisfies(next -> assertThat(next.entries().getFirst().index()).isEqualTo(4));
    }

    private RawNode leader(RaftConfig config) {
        var core = new RawNode(config);
        core.campaign();
        work(core);
        hear(core, new Message.VoteResponse(2, 1, 1, true));
        writeAll(core);
        hear(core, new Message.AppendResponse(2, 1, 1, 1));
        assertThat(core.basicStatus().hardState().commit()).isEqualTo(1);
        return core;
    }

    /** Others acknowledge, and are active, while this member's writer does nothing. */
    private void timeoutWithoutWriter(RawNode core, long acknowledged) {
        for (int i = 0; i < 10; i++) {
            core.tick();
            work(core);
            for (long peer = 2; peer <= 3; peer++) {
                hear(core, new Message.AppendResponse(peer, 1, 1, acknowledged));
                hear(core, new Message.HeartbeatResponse(peer, 1, 1, 0));
            }
        }
    }

    @Test
    void aLeaderWhoseWriterIsStuckStepsDownAndDoesNotComeBackBeforeItWorks() {
        RawNode core = leader(config().build());
        core.propose(List.of(Bytes.utf8("x")));
        timeoutWithoutWriter(core, 2);
        assertThat(core.basicStatus().hardState().commit()).as("the others have it").isEqualTo(2);
        timeoutWithoutWriter(core, 2);
        assertThat(core.basicStatus().softState())
                .isEqualTo(new SoftState(0, RoleName.FOLLOWER));
        for (int i = 0; i < 100; i++) {
            core.tick();
        }
        assertThat(core.basicStatus().softState().role()).isEqualTo(RoleName.FOLLOWER);
        writeAll(core);
        for (int i = 0; i < 20; i++) {
            core.tick();
        }
        assertThat(core.basicStatus().softState().role()).isEqualTo(RoleName.CANDIDATE);
    }

    @Test
    void aLeaderWhoseWriterIsOnlySlowGoesOn() {
        RawNode core = leader(config().build());
        for (long index = 2; index < 12; index += 2) {
            core.propose(List.of(Bytes.utf8("x")));
            timeoutWithoutWriter(core, index);
            writeAll(core);
            core.propose(List.of(Bytes.utf8("y")));
            work(core);
            hear(core, new Message.AppendResponse(2, 1, 1, index + 1));
        }
        assertThat(core.basicStatus().softState().role()).isEqualTo(RoleName.LEADER);
    }

    @Test
    void theOnlyVoterWaitsForItsWriter() {
        storage = MemoryStorage.withConfState(TestNode.voters(1));
        var core = new RawNode(config().build());
        core.campaign();
        work(core);
        writeAll(core);
        assertThat(core.leader()).isEqualTo(1);
        core.propose(List.of(Bytes.utf8("x")));
        for (int i = 0; i < 100; i++) {
            core.tick();
            work(core);
        }
        assertThat(core.leader()).isEqualTo(1);
    }

    @Test
    void itCanBeSwitchedOff() {
        RawNode core = leader(config().stepDownOnStalledStorage(false).build());
        core.propose(List.of(Bytes.utf8("x")));
        for (int i = 0; i < 5; i++) {
            timeoutWithoutWriter(core, 2);
        }
        assertThat(core.basicStatus().softState().role()).isEqualTo(RoleName.LEADER);
    }
}
