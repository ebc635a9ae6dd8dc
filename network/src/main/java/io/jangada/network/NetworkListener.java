// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a {@link Network} tells its member. Calls for one peer come in order; those for different
 * peers may come at the same time. {@link #receive} and {@link #unreachable} are called on event
 * loops and must not block; {@link #openSnapshot} is called where blocking is allowed.
 */
public interface NetworkListener {

    /**
     * A message from a peer, which is addressed to this member.
     *
     * @return whether it was taken; one refused by a busy member is dropped and counted
     */
    boolean receive(long group, Message message);

    /** Messages of {@code group} to {@code peer} are being dropped. Told once until the peer takes messages again. */
    void unreachable(long group, long peer);

    /**
     * {@code message} of {@code group} was dropped before any of it left, so that its peer certainly
     * never gets it. Of a message that this is not told for, nothing is known. Called by the sender's
     * thread, within the sending, or on an event loop; must not block.
     */
    default void dropped(long group, Message message) {}

    /**
     * Messages and notes to {@code peer} can leave from now on; told each time when it connects. On an event
     * loop; must not block.
     */
    default void connected(long peer) {}

    /**
     * A note from a peer, as the handshake established it. On an event loop; must not block.
     *
     * @param reply sends a note to the process that this one came from, which need not be the one that
     *     {@link Network#sendNote} reaches; like that one it never blocks and may drop it. Any thread
     * @see Network#sendNote
     */
    default void note(long from, Bytes note, Consumer<Bytes> reply) {}

    /**
     * Somebody asks who the members of {@code group} are, before it joins them. On an event loop; must not
     * block.
     *
     * @return what is known, at most {@link Network#NOTE_BYTES_MAX}; empty if it is nothing
     */
    default Optional<Bytes> roster(long group) {
        return Optional.empty();
    }

    /**
     * {@code peer} does not take connections from this member, which was removed from the cluster. Told
     * each time. On an event loop; must not block.
     */
    default void removedBy(long peer) {}

    /**
     * A peer wants to send a snapshot.
     *
     * @param from the peer that sends, as the handshake established it
     * @param offer what the snapshot is; its header may be another member's, the leader's
     * @return where it goes; empty to refuse it
     * @throws IOException if there is no place for it; it is refused
     */
    Optional<SnapshotSink> openSnapshot(long group, long from, SnapshotOffer offer)
            throws IOException;
}
