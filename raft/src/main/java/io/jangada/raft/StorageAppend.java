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
 * Work for the log writer, in asynchronous storage mode (etcd raft: MsgStorageAppend). Appends are
 * carried out in the order in which they are handed out. Once one is durable, its responses are
 * let go: those to other members over the network, those to this member by stepping them as
 * {@link LocalEvent.Released}, and then {@link #done} is stepped. An append without responses and {@code done} need not be durable.
 * Immutable.
 */
public final class StorageAppend {
    private final HardState hardState;
    private final List<Entry> entries;
    private final Snapshot snapshot;
    private final List<Message> responses;
    private final LocalEvent.@Nullable StorageAppended done;

    /** With copies of the lists; {@code done} may be null. */
    public StorageAppend(HardState hardState, List<Entry> entries, Snapshot snapshot,
            List<Message> responses,
            LocalEvent.@Nullable StorageAppended done) {
        this.hardState = hardState;
        this.entries = List.copyOf(entries);
        this.snapshot = snapshot;
        this.responses = List.copyOf(responses);
        this.done = done;
    }

    /** The hard state to save; {@link HardState#EMPTY} if it has not changed. */
    public HardState hardState() {
        return hardState;
    }

    /** Entries to append; they replace what the log has from the first one's index on. */
    public List<Entry> entries() {
        return entries;
    }

    /** The snapshot that replaces the log; {@link Snapshot#EMPTY} if there is none. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** What may be said once this is durable: to other members, or to this one. */
    public List<Message> responses() {
        return responses;
    }

    /** What to step once this is durable, after the responses. */
    public Optional<LocalEvent.StorageAppended> done() {
        return Optional.ofNullable(done);
    }
}
