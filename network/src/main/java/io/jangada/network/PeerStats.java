// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import java.time.Instant;
import java.util.Optional;

/**
 * Figures of one peer since it was added. Immutable.
 *
 * @param id the peer
 * @param connection the stream to the peer
 * @param sent what was handed to the stream to it
 * @param dropped what was to be sent and was not: peer away, queue full, message too large
 * @param received what came from it and was taken
 * @param refused what came from it and was not: member busy, or not meant for it
 * @param queued what waits for the stream now
 */
public record PeerStats(long id, Connection connection, Traffic sent, Traffic dropped,
        Traffic received, Traffic refused, Traffic queued) {

    /**
     * A count of messages and their size.
     *
     * @param messages how many
     * @param bytes their size; of queued and dropped ones without the frames
     */
    public record Traffic(long messages, long bytes) {
        /** Nothing. */
        public static final Traffic NONE = new Traffic(0, 0);
    }

    /**
     * The state of the stream to a peer.
     *
     * @param since since when it is connected; empty if it is not
     * @param connects how often it was established
     * @param lastFailure why it is not connected, or was not; empty if it never failed
     */
    public record Connection(Optional<Instant> since, long connects, String lastFailure) {}

    /** Whether the stream to the peer is up. */
    public boolean isConnected() {
        return connection.since().isPresent();
    }
}
