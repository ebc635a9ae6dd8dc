// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What is put in front of a command in the log, so that the proposer knows its own again: a format
 * byte, the proposer, and a sequence number that no other proposal of it has, in any of its lives.
 * Immutable.
 *
 * @param proposer the member that proposed it
 * @param sequence the proposal among those of the proposer
 * @param body the command, or the context of a change of membership
 */
record Envelope(long proposer, long sequence, Bytes body) {

    private static final byte FORMAT = 1;
    static final int HEADER_BYTES = 1 + 2 * Long.BYTES;

    /** The bytes that {@link #open} takes. */
    Bytes seal() {
        byte[] sealed = new byte[HEADER_BYTES + body.size()];
        ByteBuffer.wrap(sealed).put(FORMAT).putLong(proposer).putLong(sequence);
        body.copyTo(sealed, HEADER_BYTES);
        return Bytes.wrap(sealed);
    }

    /** What {@code sealed} holds; empty if it is no envelope of a known format: the same on all members. */
    static Optional<Envelope> open(Bytes sealed) {
        if (sealed.size() < HEADER_BYTES || sealed.at(0) != FORMAT) {
            return Optional.empty();
        }
        ByteBuffer header = sealed.asByteBuffer();
        return Optional.of(new Envelope(header.getLong(1), header.getLong(1 + Long.BYTES),
                sealed.slice(HEADER_BYTES, sealed.size())));
    }
}
