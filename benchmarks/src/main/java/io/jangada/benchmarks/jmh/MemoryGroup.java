// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.RaftConfig;
import io.jangada.raft.RawNode;
import io.jangada.raft.Ready;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.StorageApply;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A group of three cores with asynchronous storage writes in one thread: messages are handed over, storage answers at once.
 * Member 1 leads. Belongs to one thread.
 */
final class MemoryGroup {
    private static final List<Long> VOTERS = List.of(1L, 2L, 3L);
    private static final long COMPACT_EVERY = 16_384;

    private final List<Member> members = new ArrayList<>();

    private static final class Member {
        final MemoryStorage storage;
        final RawNode node;
        long appliedIndex;
        long compactedIndex;

        Member(long id) {
            storage = MemoryStorage.withConfState(ConfState.ofVoters(VOTERS));
            node = new RawNode(RaftConfig.builder(id, storage, new SplittableRandom(id))
                    .asyncStorageWrites(true)
                    .build());
        }
    }

    MemoryGroup() throws CompactedException {
        for (long id : VOTERS) {
            members.add(new Member(id));
        }
        leader().node.campaign();
        settle();
        if (leader().node.leader() != 1) {
            throw new IllegalStateException("member 1 does not lead");
        }
    }

    private Member leader() {
        return members.getFirst();
    }

    /**
     * Proposes the command as often as {@code count} says, one proposal each, and runs the group until all are applied.
     *
     * @return the leader's applied index
     */
    long propose(Bytes data, int count) throws CompactedException {
        long expected = leader().appliedIndex + count;
        List<Bytes> command = List.of(data);
        for (int i = 0; i < count; i++) {
            if (!(leader().node.propose(command) instanceof ProposeOutcome.Appended)) {
                throw new IllegalStateException("the leader refused a proposal");
            }
        }
        settle();
        if (leader().appliedIndex != expected) {
            throw new IllegalStateException(
                    "applied " + leader().appliedIndex + ", not " + expected);
        }
        return expected;
    }

    private void settle() throws CompactedException {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Member member : members) {
                if (member.node.hasReady()) {
                    handle(member, member.node.ready());
                    busy = true;
                }
            }
        }
    }

    private void handle(Member member, Ready ready) throws CompactedException {
        deliver(ready.messages());
        if (ready.storageAppend().isPresent()) {
            append(member, ready.storageAppend().get());
        }
        if (ready.storageApply().isPresent()) {
            apply(member, ready.storageApply().get());
        }
    }

    private void append(Member member, StorageAppend append) {
        if (!append.hardState().isEmpty()) {
            member.storage.setHardState(append.hardState());
        }
        member.storage.append(append.entries());
        release(member, append.responses());
        if (append.done().isPresent()) {
            LocalEvent done = append.done().get();
            member.node.step(done);
        }
    }

    private static void apply(Member member, StorageApply apply) throws CompactedException {
        List<Entry> entries = apply.entries();
        member.appliedIndex = entries.getLast().index();
        member.node.step(apply.done());
        if (member.appliedIndex - member.compactedIndex >= 2 * COMPACT_EVERY) {
            member.compactedIndex = member.appliedIndex - COMPACT_EVERY;
            member.storage.compact(member.compactedIndex);
        }
    }

    private void release(Member member, List<Message> responses) {
        for (int i = 0; i < responses.size(); i++) {
            Message response = responses.get(i);
            Member to = members.get((int) response.to() - 1);
            var ignored = to == member
                    ? to.node.step(new LocalEvent.Released(response))
                    : to.node.step(response);
        }
    }

    private void deliver(List<Message> messages) {
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            var ignored = members.get((int) message.to() - 1).node.step(message);
        }
    }
}
