// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What is proposed to a {@link SessionStateMachine}: a kind byte, fixed fields, and the body. Immutable. */
sealed interface SessionCommand {

    /** A command outside all sessions. */
    record Plain(Bytes body) implements SessionCommand {}

    /** Opens a session; its id is the index of this entry. */
    record Open(long millis) implements SessionCommand {}

    /** Keeps a session alive. */
    record Renew(long session, long millis) implements SessionCommand {}

    /** Ends a session. */
    record Close(long session) implements SessionCommand {}

    /**
     * A command of a session.
     *
     * @param session the session
     * @param number the command's number in it, from 1
     * @param firstOpen all below this number have been answered, and the answers are there
     * @param millis the proposer's time of day
     * @param body the command
     */
    record Call(long session, long number, long firstOpen, long millis,
            Bytes body) implements SessionCommand {}

    /** The bytes that {@link #decode} takes. */
    default Bytes encode() {
        return switch (this) {
            case Plain(Bytes body) -> bytes(1, body);
            case Open(long millis) -> bytes(2, Bytes.EMPTY, millis);
            case Renew(long session, long millis) -> bytes(3, Bytes.EMPTY, session, millis);
            case Close(long session) -> bytes(4, Bytes.EMPTY, session);
            case Call(long session, long number, long firstOpen, long millis, Bytes body) ->
                bytes(5, body, session, number, firstOpen, millis);
        };
    }

    private static Bytes bytes(int kind, Bytes body, long... fields) {
        int header = 1 + fields.length * Long.BYTES;
        byte[] encoded = new byte[header + body.size()];
        ByteBuffer target = ByteBuffer.wrap(encoded).put((byte) kind);
        for (long field : fields) {
            target.putLong(field);
        }
        body.copyTo(encoded, header);
        return Bytes.wrap(encoded);
    }

    /** What {@code encoded} says; empty if it is of no known format. */
    static Optional<SessionCommand> decode(Bytes encoded) {
        if (encoded.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer source = encoded.asByteBuffer();
        int kind = source.get();
        int fields = switch (kind) {
            case 1 -> 0;
            case 2, 4 -> 1;
            case 3 -> 2;
            case 5 -> 4;
            default -> Integer.MAX_VALUE;
        };
        if (source.remaining() / Long.BYTES < fields) {
            return Optional.empty();
        }
        return Optional.of(switch (kind) {
            case 1 -> new Plain(encoded.slice(1, encoded.size()));
            case 2 -> new Open(source.getLong());
            case 3 -> new Renew(source.getLong(), source.getLong());
            case 4 -> new Close(source.getLong());
            default -> new Call(source.getLong(), source.getLong(), source.getLong(),
                    source.getLong(), encoded.slice(1 + 4 * Long.BYTES, encoded.size()));
        });
    }
}
