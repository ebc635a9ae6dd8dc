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
    static Bytes seal(long proposer, long sequence, Bytes body) {
        byte[] sealed = new byte[HEADER_BYTES + body.size()];
        ByteBuffer.wrap(sealed).put(FORMAT).putLong(proposer).putLong(sequence);
        body.copyTo(sealed, HEADER_BYTES);
        return Bytes.wrap(sealed);
    }

    /** What {@code sealed} holds; empty unless {@link #isSealed}. */
    static Optional<Envelope> open(Bytes sealed) {
        return isSealed(sealed)
                ? Optional.of(new Envelope(proposer(sealed), sequence(sealed), body(sealed)))
                : Optional.empty();
    }

    /** Whether {@code bytes} are an envelope of a known format: the same on all members. */
    static boolean isSealed(Bytes bytes) {
        return bytes.size() >= HEADER_BYTES && bytes.at(0) == FORMAT;
    }

    /** The proposer in {@code sealed}, which {@link #isSealed}. */
    static long proposer(Bytes sealed) {
        return sealed.longAt(1);
    }

    /** The sequence number in {@code sealed}, which {@link #isSealed}. */
    static long sequence(Bytes sealed) {
        return sealed.longAt(1 + Long.BYTES);
    }

    /** The body in {@code sealed}, which {@link #isSealed}; shares its bytes. */
    static Bytes body(Bytes sealed) {
        return sealed.slice(HEADER_BYTES, sealed.size());
    }
}
