// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.conformance.Output.CommandFailed;
import io.jangada.raft.LocalEvent;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.RaftConfig;
import io.jangada.raft.RawNode;
import io.jangada.raft.Ready;
import io.jangada.raft.StepOutcome;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.StorageApply;
import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** One node of the harness: a core, its storage, its state machine and what waits for its threads. */
final class TracedNode {
    private static final String DROPPED = "raft proposal dropped";

    private final long id;
    private final Output out;
    private final List<Letter> mail;
    private final boolean async;
    private final List<Snapshot> history = new ArrayList<>();
    private final MemoryStorage storage = new MemoryStorage(history::getLast);
    private final Queue<StorageAppend> appendWork = new ArrayDeque<>();
    private final Queue<StorageApply> applyWork = new ArrayDeque<>();
    private final RawNode core;

    TracedNode(long id, Output out, List<Letter> mail, Snapshot first,
            UnaryOperator<RaftConfig.Builder> options, long seed) throws CommandFailed {
        this.id = id;
        this.out = out;
        this.mail = mail;
        history.add(first);
        if (!first.isEmpty()) {
            store(first);
        }
        var random = new SplittableRandom(seed);
        RaftConfig config = options.apply(
                RaftConfig.builder(id, storage, random).tracer(new TraceLog(id, out))).build();
        async = config.asyncStorageWrites();
        core = new RawNode(config);
    }

    RawNode core() {
        return core;
    }

    long id() {
        return id;
    }

    MemoryStorage storage() {
        return storage;
    }

    Snapshot latest() {
        return history.getLast();
    }

    boolean hasAppendWork() {
        return !appendWork.isEmpty();
    }

    boolean hasApplyWork() {
        return !applyWork.isEmpty();
    }

    // Input.

    void propose(String data) throws CommandFailed {
        check(core.propose(List.of(Bytes.utf8(data))));
    }

    void propose(ConfChange change) throws CommandFailed {
        check(core.proposeConfChange(change));
    }

    private static void check(ProposeOutcome outcome) throws CommandFailed {
        if (outcome instanceof ProposeOutcome.Dropped) {
            throw new CommandFailed(DROPPED);
        }
    }

    /** Steps {@code letter}, and prints the error if there is one. */
    void deliver(Letter letter) {
        switch (letter) {
            case Letter.Peer peer -> deliver(peer.message());
            case Letter.Appended appended -> core.step(appended.event());
            case Letter.Applied applied -> core.step(applied.event());
        }
    }

    private void deliver(Message message) {
        boolean own = message.from() == id && message.to() == id;
        switch (own ? core.step(new LocalEvent.Released(message)) : core.step(message)) {
            case StepOutcome.Accepted ignored -> {
            }
            case StepOutcome.Dropped ignored -> {
                if (message instanceof Message.Propose) {
                    out.println(DROPPED);
                }
            }
            case StepOutcome.PeerNotFound ignored -> out
                    .println("raft: cannot step as peer not found");
            case StepOutcome.Malformed malformed -> out.println("malformed: " + malformed.flaw());
        }
    }

    // Work.

    void handleReady() throws CommandFailed {
        Ready ready = core.ready();
        out.print(ReadyText.of(id, ready));
        for (Message message : ready.messages()) {
            if (async) {
                mail.add(new Letter.Peer(message));
            }
        }
        if (async) {
            ready.storageAppend().ifPresent(appendWork::add);
            ready.storageApply().ifPresent(applyWork::add);
            return;
        }
        if (!ready.hardState().isEmpty()) {
            storage.setHardState(ready.hardState());
        }
        write(ready.entries(), ready.snapshot());
        apply(ready.committedEntries());
        ready.messages().forEach(message -> mail.add(new Letter.Peer(message)));
        core.advance();
    }

    private void write(List<Entry> entries, Snapshot snapshot) throws CommandFailed {
        if (snapshot.isEmpty()) {
            storage.append(entries);
            return;
        }
        if (!entries.isEmpty()) {
            throw new CommandFailed("entries with a snapshot");
        }
        store(snapshot);
    }

    private void store(Snapshot snapshot) throws CommandFailed {
        try {
            storage.applySnapshot(snapshot);
        } catch (SnapshotOutOfDateException old) {
            throw new CommandFailed(String.valueOf(old.getMessage()));
        }
    }

    private void apply(List<Entry> entries) {
        for (Entry entry : entries) {
            Optional<ConfChange> change = ConfChangeCodec.decode(entry.type(), entry.data());
            Bytes update = change.map(ConfChange::context).orElse(entry.data());
            ConfState confState = change.map(core::applyConfChange)
                    .orElseGet(() -> latest().confState());
            Bytes state = Bytes.utf8(latest().data().toUtf8() + update.toUtf8());
            history.add(new Snapshot(entry.id(), confState, state));
        }
    }

    void runAppendThread() throws CommandFailed {
        StorageAppend append = appendWork.poll();
        if (append == null) {
            out.println("no append work to perform");
            return;
        }
        List<Letter> responses = ReadyText.responses(id, append);
        out.println("Processing:\n" + Text.storageAppend(id, append, List.of()));
        if (!append.hardState().isEmpty()) {
            storage.setHardState(append.hardState());
        }
        write(append.entries(), append.snapshot());
        respond(responses);
    }

    void runApplyThread() {
        StorageApply apply = applyWork.poll();
        if (apply == null) {
            out.println("no apply work to perform");
            return;
        }
        out.println("Processing:\n" + Text.storageApply(id, apply, List.of()));
        apply(apply.entries());
        respond(List.of(new Letter.Applied(id, apply.done())));
    }

    private void respond(List<Letter> responses) {
        out.println("Responses:");
        responses.forEach(response -> out.println(response.text()));
        mail.addAll(responses);
    }
}
