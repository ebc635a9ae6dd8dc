// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.RaftConfig;
import io.jangada.raft.RawNode;
import io.jangada.raft.Ready;
import io.jangada.raft.RoleName;
import io.jangada.raft.Status;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.StorageApply;
import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One core with its disk. Committed entries are applied at once; the state machine is not durable. */
final class Member {
    /**
     * What survives a crash.
     *
     * @param hardState the last one written
     * @param log all entries written
     */
    record Durable(HardState hardState, List<Entry> log) {
        static final Durable NOTHING = new Durable(HardState.EMPTY, List.of());

        Durable {
            log = List.copyOf(log);
        }
    }

    private final long id;
    private final Scope scope;
    private final Fault fault;
    private final MemoryStorage storage;
    private final RawNode core;
    private final ArrayDeque<StorageAppend> writes = new ArrayDeque<>();
    private List<Message> sent = new ArrayList<>();
    private Durable durable;

    Member(long id, Scope scope, Durable durable) {
        this.id = id;
        this.scope = scope;
        this.durable = durable;
        fault = scope.fault().get();
        storage = MemoryStorage.withConfState(scope.voters());
        storage.setHardState(durable.hardState());
        storage.append(durable.log());
        // One entry a message, so that a follower can have a part of what the leader has.
        core = new RawNode(RaftConfig.builder(id, storage, new Random(0))
                .asyncStorageWrites(true).preVote(false).checkQuorum(false)
                .electionTimeoutTicks(1_000_000).maxMessageBytes(1).maxInflightMessages(2)
                .build());
        drain();
    }

    Durable durable() {
        return durable;
    }

    boolean isWriting() {
        return !writes.isEmpty();
    }

    Status status() {
        return core.status();
    }

    boolean leads() {
        return core.basicStatus().softState().role() == RoleName.LEADER;
    }

    /** The log as the core sees it: what is written and what is handed out to be. */
    List<Entry> log() {
        var log = new ArrayList<Entry>(storageEntries());
        for (StorageAppend write : writes) {
            place(log, write.entries());
        }
        return log;
    }

    private List<Entry> storageEntries() {
        try {
            return storage.entries(1, storage.lastIndex() + 1, Long.MAX_VALUE);
        } catch (CompactedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void place(List<Entry> log, List<Entry> added) {
        if (!added.isEmpty()) {
            log.subList((int) added.getFirst().index() - 1, log.size()).clear();
            log.addAll(added);
        }
    }

    /** Carries {@code input} out; a crash is up to whoever makes members. */
    void take(Input input) {
        switch (input) {
            case Input.Deliver deliver -> core.step(fault.received(deliver.message()));
            case Input.Campaign ignored -> core.campaign();
            case Input.Propose ignored -> core.propose(List.of(Bytes.utf8("of " + id)));
            case Input.Change ignored -> core.proposeConfChange(scope.change().orElseThrow());
            case Input.Heartbeat ignored -> core.tick();
            case Input.Written ignored -> write(writes.remove());
            case Input.Crash ignored -> throw new IllegalArgumentException("a crash");
        }
        drain();
    }

    private void write(StorageAppend write) {
        HardState hardState = durable.hardState();
        if (!write.hardState().isEmpty()) {
            storage.setHardState(write.hardState());
            hardState = fault.written(write.hardState());
        }
        storage.append(write.entries());
        durable = new Durable(hardState,
                fault.writesEntries() ? storageEntries() : durable.log());
        for (Message response : write.responses()) {
            if (response.to() == id) {
                core.step(new LocalEvent.Released(response));
            } else {
                send(response);
            }
        }
        write.done().ifPresent(core::step);
    }

    private void drain() {
        while (core.hasReady()) {
            Ready ready = core.ready();
            ready.messages().forEach(this::send);
            ready.storageAppend().ifPresent(writes::add);
            ready.storageApply().ifPresent(this::apply);
        }
    }

    private void apply(StorageApply work) {
        for (Entry entry : work.entries()) {
            ConfChangeCodec.decode(entry.type(), entry.data()).ifPresent(core::applyConfChange);
        }
        core.step(work.done());
    }

    private void send(Message message) {
        sent.add(fault.sent(message));
    }

    /** What was sent since this was last asked. */
    List<Message> takeSent() {
        List<Message> taken = sent;
        sent = new ArrayList<>();
        return taken;
    }
}
