// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.codec.MessageCodec;
import io.jangada.raft.model.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The frame, outwards. Big-endian: the length of what follows it (4 bytes), the CRC32C of what follows
 * it (4), the frame's version (1), the kind with its {@link Packing} (1), the group (8), the body. Pure functions.
 */
final class Frame {
    static final byte VERSION = 1;
    static final int LENGTH_BYTES = 4;
    static final int CRC_BYTES = 4;
    /** From the CRC to the body. */
    static final int HEAD_BYTES = CRC_BYTES + 1 + 1 + 8;
    /** Everything but the body. */
    static final int OVERHEAD_BYTES = LENGTH_BYTES + HEAD_BYTES;

    private Frame() {}

    /** A frame around what remains in {@code body}. */
    static ByteBuf of(ByteBufAllocator allocator, FrameKind kind, long group, ByteBuffer body) {
        return of(allocator, kind, Packing.PLAIN, group, body);
    }

    /** A frame around what remains in {@code body}, which is packed. */
    static ByteBuf of(ByteBufAllocator allocator, FrameKind kind, Packing packing, long group,
            ByteBuffer body) {
        int bytes = OVERHEAD_BYTES + body.remaining();
        ByteBuf frame = allocator.directBuffer(bytes, bytes);
        ByteBuffer target = frame.internalNioBuffer(0, bytes);
        int start = begin(target, packing.code(kind), group);
        target.put(body);
        seal(target, start);
        return frame.writerIndex(bytes);
    }

    /** Appends the frame of a message, for which {@code target} must have room. */
    static void append(ByteBuf target, long group, Message message, int messageBytes) {
        int bytes = OVERHEAD_BYTES + messageBytes;
        ByteBuffer nio = target.internalNioBuffer(target.writerIndex(), bytes);
        int start = begin(nio, Packing.PLAIN.code(FrameKind.MESSAGE), group);
        MessageCodec.encode(message, nio);
        seal(nio, start);
        target.writerIndex(target.writerIndex() + bytes);
    }

    private static int begin(ByteBuffer target, byte code, long group) {
        int start = target.position();
        target.position(start + LENGTH_BYTES + CRC_BYTES);
        target.put(VERSION).put(code).putLong(group);
        return start;
    }

    private static void seal(ByteBuffer target, int start) {
        int end = target.position();
        target.putInt(start, end - start - LENGTH_BYTES);
        target.position(start + LENGTH_BYTES + CRC_BYTES).limit(end);
        target.putInt(start + LENGTH_BYTES, crc(target));
    }

    /** The CRC32C of what remains in {@code bytes}, which is used up. */
    static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
