// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.raft.model.Message;
import java.util.Optional;

/**
 * Carries what the members of a {@link LoopbackHub} send each other: at once, later, in another order,
 * more than once, or not at all. Called by whatever thread sends; must not block.
 */
public interface Courier {
    /** Brings everything at once, in order. */
    Courier PROMPT = (parcel, deliver, lose) -> deliver.run();

    /**
     * Something on its way. Immutable.
     *
     * @param from the member that sends it
     * @param to the member it is for
     * @param message what it is; empty for a note between hosts (see {@link Network#sendNote}). That of a snapshot
     *     is the header alone: the snapshot moves when that arrives
     */
    record Parcel(long from, long to, Optional<Message> message) {}

    /**
     * Takes a parcel.
     *
     * @param deliver brings it to whoever is at the other end then, if the link leads there then; may be called
     *     any number of times, by any thread, and never blocks
     * @param lose to be called where a snapshot is lost, whose sender waits to hear what became of it; does nothing for
     *     anything else, or after a delivery
     */
    void carry(Parcel parcel, Runnable deliver, Runnable lose);
}
