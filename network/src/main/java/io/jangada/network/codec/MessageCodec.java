// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

import io.jangada.raft.model.Message;
import java.nio.ByteBuffer;

/**
 * Messages as etcd's {@code raftpb.Message}: its kinds, its field numbers. Fields of a message that
 * are zero are left out, which a protobuf reader cannot tell from zero; fields that a reader does
 * not know are passed over. Pure functions, for any thread.
 */
public final class MessageCodec {
    private MessageCodec() {}

    /** The exact number of bytes that {@link #encode} writes. */
    public static long encodedBytes(Message message) {
        var counter = new ProtoWriter(null);
        MessageEncoder.message(message, counter);
        return counter.bytes();
    }

    /**
     * Writes {@code message} to {@code target}, which moves on by {@link #encodedBytes}.
     *
     * @throws java.nio.BufferOverflowException if there is less room
     */
    public static void encode(Message message, ByteBuffer target) {
        MessageEncoder.message(message, new ProtoWriter(target));
    }

    /**
     * Reads the message that fills {@code source}, which is used up. What the message holds is
     * copied. Allocates in proportion to what {@code source} has, whatever lengths it claims.
     *
     * @throws MalformedMessageException if the bytes are no message, or one that only a member may
     *     tell itself
     */
    public static Message decode(ByteBuffer source) throws MalformedMessageException {
        return new MessageDecoder().message(new ProtoReader(source));
    }
}
