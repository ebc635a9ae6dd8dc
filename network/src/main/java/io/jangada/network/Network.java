// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.util.List;
import java.util.function.Consumer;

/**
 * The way from this member to its peers. A message may be lost, never altered; messages that one
 * thread sends to one peer arrive in order unless the connection between them breaks, except that
 * votes, heartbeats, their answers and TimeoutNow may overtake the others. Nothing is kept for a peer
 * that is away: the core says again what still matters (Raft thesis 3.3).
 *
 * <p>All methods but {@link #start} may be called by any thread, before and after it. Ids of members
 * are those of the host and the same in all of its groups.
 */
public interface Network extends AutoCloseable {

    /** The largest note. */
    int NOTE_BYTES_MAX = 64 << 10;

    /**
     * Listens, and begins to connect to the peers. Called once; blocks until the addresses are bound.
     *
     * @param listener gets everything that arrives from now on
     * @throws ListenException if an address cannot be bound; nothing is bound then
     * @throws IllegalStateException if called twice or after {@link #close}
     */
    void start(NetworkListener listener) throws ListenException;

    /**
     * Queues {@code message} for the peer it is to. Never blocks. Where the peer is unknown, not
     * connected or its queue full, the message is dropped and counted, and
     * {@link NetworkListener#unreachable} is told: once until the peer takes messages again, or each
     * time where it is unknown.
     *
     * @param group the group whose members talk
     */
    void send(long group, Message message);

    /**
     * Sends a note from this member to a peer: what hosts have to say to each other, whatever their groups
     * do. Never blocks. Dropped, without a word, where the peer is not connected or does not read.
     *
     * @param note at most {@link #NOTE_BYTES_MAX}
     * @throws IllegalArgumentException if it is larger
     */
    void sendNote(long peer, Bytes note);

    /**
     * Sends a snapshot beside the messages, on a stream of its own. Returns at once.
     *
     * @param group the group whose members talk
     * @param message says what the snapshot is; its own data is sent too, and is usually empty
     * @param source the state; read off the event loops, and closed exactly once, whatever happens
     * @param delivered told exactly once, by a thread of the network, which it must not block:
     *     whether the peer has all of it, durably
     */
    void sendSnapshot(long group, Message.InstallSnapshot message, SnapshotSource source,
            Consumer<Boolean> delivered);

    /**
     * Begins to connect to a peer; for one already known this is {@link #updatePeer}.
     *
     * @throws IllegalArgumentException if it is this member itself
     */
    void addPeer(PeerAddress peer);

    /**
     * Replaces the addresses of a peer, which is added if unknown. A connection to an address that
     * is gone is closed.
     *
     * @throws IllegalArgumentException if it is this member itself
     */
    void updatePeer(PeerAddress peer);

    /**
     * Drops a peer, its queue and its connections in both directions, and refuses it until it is
     * added again. Unknown ids are remembered as refused too.
     */
    void removePeer(long peer);

    /** Figures for each peer, in ascending order of ids. */
    List<PeerStats> stats();

    /** Whether messages to {@code peer} can leave at this moment. */
    default boolean isConnected(long peer) {
        return stats().stream().anyMatch(one -> one.id() == peer && one.isConnected());
    }

    /**
     * Stops listening and drops all connections and queues; waits until no more messages come, unless
     * an event loop calls it. Snapshots on their way end, perhaps a little later. Idempotent.
     */
    @Override
    void close();
}
