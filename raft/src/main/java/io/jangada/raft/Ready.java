// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the application has to do for the core (etcd raft: Ready). Immutable.
 *
 * <p>In synchronous mode: save {@link #hardState}, {@link #entries} and {@link #snapshot}; then send
 * {@link #messages} (a leader may send before it has saved: Raft thesis 10.2.1); apply
 * {@link #committedEntries}; then advance. In asynchronous mode: send {@link #messages} at once and
 * hand {@link #storageAppend} and {@link #storageApply} to their threads; there is no advance.
 */
public final class Ready {
    private final @Nullable SoftState softState;
    private final HardState hardState;
    private final List<ReadState> readStates;
    private final List<DroppedRead> droppedReads;
    private final List<Entry> entries;
    private final Snapshot snapshot;
    private final List<Entry> committedEntries;
    private final List<Message> messages;
    private final boolean mustSync;
    private final @Nullable StorageAppend storageAppend;
    private final @Nullable StorageApply storageApply;

    Ready(@Nullable SoftState softState, HardState hardState, List<ReadState> readStates,
            List<DroppedRead> droppedReads, List<Entry> entries, Snapshot snapshot,
            List<Entry> committedEntries, List<Message> messages,
            boolean mustSync,
            @Nullable StorageAppend storageAppend, @Nullable StorageApply storageApply) {
        this.softState = softState;
        this.hardState = hardState;
        this.readStates = List.copyOf(readStates);
        this.droppedReads = List.copyOf(droppedReads);
        this.entries = List.copyOf(entries);
        this.snapshot = snapshot;
        this.committedEntries = List.copyOf(committedEntries);
        this.messages = List.copyOf(messages);
        this.mustSync = mustSync;
        this.storageAppend = storageAppend;
        this.storageApply = storageApply;
    }

    /** Leader and role, if one of them differs from the last Ready that had them. */
    public Optional<SoftState> softState() {
        return Optional.ofNullable(softState);
    }

    /** The hard state to save; {@link HardState#EMPTY} if it has not changed. */
    public HardState hardState() {
        return hardState;
    }

    /** Reads that may be served once their index is applied. */
    public List<ReadState> readStates() {
        return readStates;
    }

    /** Reads of this member that will not be answered: each may be asked again. */
    public List<DroppedRead> droppedReads() {
        return droppedReads;
    }

    /** Entries to append to the stable log. */
    public List<Entry> entries() {
        return entries;
    }

    /** The snapshot to save; {@link Snapshot#EMPTY} if there is none. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** Entries to apply, in order. */
    public List<Entry> committedEntries() {
        return committedEntries;
    }

    /** What to send to other members. */
    public List<Message> messages() {
        return messages;
    }

    /** Whether what is saved must be durable before the messages are sent. */
    public boolean mustSync() {
        return mustSync;
    }

    /** In asynchronous mode: the work for the log writer. */
    public Optional<StorageAppend> storageAppend() {
        return Optional.ofNullable(storageAppend);
    }

    /** In asynchronous mode: the work for the state machine. */
    public Optional<StorageApply> storageApply() {
        return Optional.ofNullable(storageApply);
    }
}
