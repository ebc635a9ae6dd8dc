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
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A core with asynchronous storage writes, its log and hard state in memory, and a state machine that checks that every
 * command comes once and in order. Storage and state machine answer at once. Belongs to one thread.
 */
final class MemoryMember {
    private static final long COMPACT_EVERY = 16_384;

    private final long id;
    private final MemoryStorage storage;
    private final RawNode node;
    private final Consumer<Message> network;
    private long appliedIndex;
    private long appliedCommands;
    private long compactedIndex;

    /** A follower without entries; {@code network} gets its messages for others. */
    MemoryMember(long id, List<Long> voters, Consumer<Message> network) {
        this.id = id;
        this.network = network;
        storage = MemoryStorage.withConfState(ConfState.ofVoters(voters));
        node = new RawNode(RaftConfig.builder(id, storage, new SplittableRandom(id))
                .asyncStorageWrites(true)
                .build());
    }

    RawNode node() {
        return node;
    }

    /** How many commands the state machine has, not counting the empty entries of new leaders. */
    long appliedCommands() {
        return appliedCommands;
    }

    void propose(List<Bytes> commands) {
        if (!(node.propose(commands) instanceof ProposeOutcome.Appended)) {
            throw new IllegalStateException("a proposal was refused");
        }
    }

    /** Does what one Ready says, if there is one. Whether there was. */
    boolean handleReady() {
        if (!node.hasReady()) {
            return false;
        }
        Ready ready = node.ready();
        deliver(ready.messages());
        if (ready.storageAppend().isPresent()) {
            append(ready.storageAppend().get());
        }
        if (ready.storageApply().isPresent()) {
            apply(ready.storageApply().get());
        }
        return true;
    }

    private void append(StorageAppend append) {
        if (!append.hardState().isEmpty()) {
            storage.setHardState(append.hardState());
        }
        storage.append(append.entries());
        release(append.responses());
        if (append.done().isPresent()) {
            LocalEvent done = append.done().get();
            node.step(done);
        }
    }

    private void release(List<Message> responses) {
        for (int i = 0; i < responses.size(); i++) {
            Message response = responses.get(i);
            if (response.to() == id) {
                node.step(new LocalEvent.Released(response));
            } else {
                network.accept(response);
            }
        }
    }

    private void deliver(List<Message> messages) {
        for (int i = 0; i < messages.size(); i++) {
            network.accept(messages.get(i));
        }
    }

    private void apply(StorageApply apply) {
        List<Entry> entries = apply.entries();
        for (int i = 0; i < entries.size(); i++) {
            apply(entries.get(i));
        }
        node.step(apply.done());
        if (appliedIndex - compactedIndex >= 2 * COMPACT_EVERY) {
            compact(appliedIndex - COMPACT_EVERY);
        }
    }

    private void apply(Entry entry) {
        if (entry.index() != appliedIndex + 1) {
            throw new IllegalStateException(entry.index() + " applied after " + appliedIndex);
        }
        appliedIndex++;
        if (entry.data().isEmpty()) {
            return;
        }
        int number = Commands.number(entry.data());
        if (number != appliedCommands % Commands.COUNT) {
            throw new IllegalStateException(
                    "command " + number + " applied as the one of number " + appliedCommands);
        }
        appliedCommands++;
    }

    private void compact(long index) {
        try {
            storage.compact(index);
        } catch (CompactedException e) {
            throw new IllegalStateException("compacted twice up to " + index, e);
        }
        compactedIndex = index;
    }
}
