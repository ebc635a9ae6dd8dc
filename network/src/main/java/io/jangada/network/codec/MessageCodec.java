// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

import io.jangada.raft.model.Message;
import java.nio.ByteBuffer;

/**
 * Messages as etcd's {@code raftpb.Message}, byte for byte as its generated code writes them. Pure
 * functions, for any thread.
 */
public final class MessageCodec {
    private MessageCodec() {}

    /** The exact number of bytes that {@link #encode} writes. */
    public static long encodedBytes(Message message) {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes {@code message} to {@code target}, which moves on by {@link #encodedBytes}.
     *
     * @throws java.nio.BufferOverflowException if there is less room
     */
    public static void encode(Message message, ByteBuffer target) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads the message that fills {@code source}, which is used up. What the message holds is
     * copied. Never allocates more than a small multiple of what {@code source} has.
     *
     * @throws MalformedMessageException if the bytes are no message, or one that only a member may
     *     tell itself
     */
    public static Message decode(ByteBuffer source) throws MalformedMessageException {
        throw new UnsupportedOperationException();
    }
}
