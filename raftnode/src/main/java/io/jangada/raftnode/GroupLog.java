// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.node.Node;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.SnapshotOutOfDateException;
import io.jangada.raft.storage.UnavailableException;
import io.jangada.wal.SnapshotFile;
import io.jangada.wal.SnapshotMark;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The log of a group, between the core, the log writer and the snapshots: what has become durable goes
 * into the storage and is told to the core, in the order in which it was handed out; what a snapshot
 * covers is cut. Belongs to the node loop, but for {@link #firstIndex} and what the log writer and the
 * snapshots call.
 */
final class GroupLog implements WalClient, Snapshots.Group {
    private static final Logger LOGGER = System.getLogger(RaftNode.class.getName());

    private final GroupParts parts;
    private final Node node;
    private final Applier<?> applier;
    private final ArrayDeque<StorageAppend> durable = new ArrayDeque<>();
    private boolean restoring;
    /** Where the last snapshot was that the log writer has been given. */
    private long snapshotIndex;
    /** Written by the node loop, read by any thread. */
    private volatile long firstIndex;

    GroupLog(GroupParts parts, Node node, Applier<?> applier) {
        this.parts = parts;
        this.node = node;
        this.applier = applier;
        moveFirstIndex();
    }

    /** The first index that is not cut; any thread. */
    long firstIndex() {
        return firstIndex;
    }

    /** Hands {@code append} to the log writer. */
    void submit(StorageAppend append) {
        if (!append.snapshot().isEmpty()) {
            snapshotIndex = append.snapshot().index();
        }
        parts.host().writer().submit(this, append);
    }

    // What the log writer says; on the WAL loop.

    @Override
    public long group() {
        return parts.config().group();
    }

    @Override
    public void written(List<StorageAppend> appends) {
        parts.nodeLoop().execute(() -> {
            durable.addAll(appends);
            tellDurable();
        });
    }

    @Override
    public void diskFull(boolean full) {
        parts.nodeLoop().execute(() -> parts.standing().logFull(full));
    }

    @Override
    public void failed(Exception failure) {
        parts.failed().accept(failure);
    }

    // What became durable.

    /* A snapshot is not done before the state machine has it, and what came after it waits. */
    private void tellDurable() {
        while (!restoring && !durable.isEmpty()) {
            StorageAppend append = durable.remove();
            if (append.snapshot().isEmpty()) {
                finish(append);
            } else {
                restore(append);
            }
        }
    }

    private void restore(StorageAppend append) {
        SnapshotFile file = parts.snapshots().take(append.snapshot().id());
        if (file == null) {
            throw new IllegalStateException(
                    "no file for the snapshot " + append.snapshot().id());
        }
        restoring = true;
        applier.restore(file, () -> parts.nodeLoop().execute(() -> {
            restoring = false;
            parts.standing().confState(append.snapshot().confState());
            parts.peers().changed(append.snapshot().confState(),
                    MemberAddresses.decode(append.snapshot().data()), parts.standing());
            parts.snapshots().restored(file);
            parts.snapshots().countFrom(append.snapshot().index());
            finish(append);
            tellDurable();
        }));
    }

    private void finish(StorageAppend append) {
        if (!append.snapshot().isEmpty()) {
            try {
                parts.storage().applySnapshot(append.snapshot());
            } catch (SnapshotOutOfDateException e) {
                throw new IllegalStateException("the core took an old snapshot", e);
            }
            moveFirstIndex();
        }
        if (!append.hardState().isEmpty()) {
            parts.storage().setHardState(append.hardState());
        }
        parts.storage().append(append.entries());
        for (Message response : append.responses()) {
            if (response.to() == parts.memberId()) {
                node.step(new LocalEvent.Released(response));
            } else {
                parts.send(response);
            }
        }
        append.done().ifPresent(node::step);
    }

    private void moveFirstIndex() {
        firstIndex = parts.storage().firstIndex();
        parts.snapshots().firstIndex(firstIndex);
    }

    // What the snapshots say.

    @Override
    public void takeState(Consumer<StateSnapshot> then) {
        applier.takeState(then);
    }

    @Override
    public long applied() {
        return applier.index();
    }

    @Override
    public ConfState confState() {
        return parts.standing().confState();
    }

    @Override
    public void onNodeLoop(Runnable task) {
        parts.nodeLoop().execute(task);
    }

    @Override
    public void durable(AppliedState at) {
        compact(at);
        parts.standing().tell(one -> one.snapshotTaken(at));
    }

    /* Some entries stay for followers that lag a little: they need no snapshot. But not too many bytes. */
    private void compact(AppliedState at) {
        long toMax = Math.min(at.index(), node.status().applied());
        long to = Math.min(toMax, Math.max(toMax - parts.config().catchUpEntries(),
                parts.storage().indexBefore(parts.config().limits().logBytesMax() / 2)));
        if (to < parts.storage().firstIndex() || to < snapshotIndex) {
            return; // It is cut already, or is about to be, by a snapshot on its way to the disk.
        }
        try {
            EntryId last = new EntryId(parts.storage().term(to), to);
            parts.storage().compact(to);
            parts.host().writer().mark(this, new SnapshotMark(last, at.confState()));
        } catch (CompactedException | UnavailableException e) {
            throw new IllegalStateException("what is applied is in the log: " + to, e);
        }
        moveFirstIndex();
        LOGGER.log(Level.DEBUG, "log cut group={0} first={1}", group(), firstIndex);
    }

    @Override
    public void reportSnapshot(long peer, boolean delivered) {
        node.step(new LocalEvent.SnapshotReport(peer, delivered));
    }

    @Override
    public void received(Message.InstallSnapshot header) {
        node.step(header);
    }
}
