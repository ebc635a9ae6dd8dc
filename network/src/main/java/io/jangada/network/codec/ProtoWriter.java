// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

import io.jangada.raft.model.Bytes;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Protobuf's wire format, outwards. Without a target it only counts, so that a size and the bytes
 * come from the same walk over a message. Used by one thread.
 */
final class ProtoWriter {
    private final @Nullable ByteBuffer target;
    private long bytes;

    /** Writes to {@code target}, or counts if there is none. */
    ProtoWriter(@Nullable ByteBuffer target) {
        this.target = target;
    }

    /** The number of bytes so far. */
    long bytes() {
        return bytes;
    }

    /** A number; zero is left out, as it is what a reader takes for a missing one. */
    void number(int field, long value) {
        if (value != 0) {
            required(field, value);
        }
    }

    /** A number that is written even if it is zero. */
    void required(int field, long value) {
        varint((long) field << 3 | Wire.VARINT);
        varint(value);
    }

    /** A truth value; false is left out. */
    void flag(int field, boolean value) {
        number(field, value ? 1 : 0);
    }

    /** Bytes; none are left out. */
    void bytes(int field, Bytes value) {
        if (value.isEmpty()) {
            return;
        }
        begin(field, value.size());
        bytes += value.size();
        if (target != null) {
            value.copyTo(target);
        }
    }

    /** The head of a message within the message, whose {@code size} bytes are to follow. */
    void begin(int field, long size) {
        varint((long) field << 3 | Wire.LENGTH_DELIMITED);
        varint(size);
    }

    private void varint(long value) {
        if (target == null) {
            bytes += (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
            return;
        }
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
            bytes++;
        }
        target.put((byte) rest);
        bytes++;
    }
}
