// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import java.nio.ByteBuffer;

/**
 * The introduction of the member that connects. Immutable.
 *
 * @param clusterId its cluster
 * @param from its member id
 * @param to the member that it wants
 * @param stream what the connection is for
 * @param compression what it would do to what it sends, if the other end agrees
 */
record Hello(long clusterId, long from, long to, StreamKind stream, Compression compression) {

    /** "JNGD". */
    private static final int MAGIC = 0x4a4e4744;
    /** The version of what is said after the handshake. */
    private static final short PROTOCOL = 3;
    private static final int BYTES = 4 + 2 + 1 + 8 + 8 + 8 + 4;

    /** Without compression. */
    Hello(long clusterId, long from, long to, StreamKind stream) {
        this(clusterId, from, to, stream, Compression.NONE);
    }

    ByteBuffer encoded() {
        byte kind = switch (stream) {
            case MESSAGES -> 1;
            case SNAPSHOT -> 2;
        };
        return ByteBuffer.allocate(BYTES).putInt(MAGIC).putShort(PROTOCOL).put(kind)
                .putLong(clusterId).putLong(from).putLong(to).putInt(compression.bit())
                .flip();
    }

    static Hello decode(ByteBuffer body) throws ProtocolException {
        if (body.remaining() < 6 || body.getInt() != MAGIC) {
            throw new ProtocolException("not a peer of ours");
        }
        short protocol = body.getShort();
        if (protocol != PROTOCOL) {
            throw new ProtocolException(
                    "protocol version " + protocol + ", but this member speaks " + PROTOCOL);
        }
        if (body.remaining() != BYTES - 6) {
            throw new ProtocolException("an introduction of " + body.remaining() + " bytes");
        }
        byte kind = body.get();
        StreamKind stream = switch (kind) {
            case 1 -> StreamKind.MESSAGES;
            case 2 -> StreamKind.SNAPSHOT;
            default -> throw new ProtocolException("stream of unknown kind " + kind);
        };
        return new Hello(body.getLong(), body.getLong(), body.getLong(), stream,
                Compression.of(body.getInt()));
    }
}
