// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

import io.jangada.raft.model.Bytes;
import java.nio.ByteBuffer;

/**
 * Protobuf's wire format, inwards, from bytes that nobody vouches for. Every method names the field
 * that it reads for, and throws nothing but {@link MalformedMessageException}. Used by one thread.
 */
final class ProtoReader {
    private final ByteBuffer source;
    private int wireType;

    /** Reads all of {@code source}. */
    ProtoReader(ByteBuffer source) {
        this.source = source;
    }

    /** The number of the next field; 0 at the end. Each is followed by one read or {@link #skip}. */
    int nextField(String message) throws MalformedMessageException {
        if (!source.hasRemaining()) {
            return 0;
        }
        long tag = varint(message);
        long field = tag >>> 3;
        wireType = (int) tag & 7;
        if (field == 0 || field > Wire.FIELD_MAX) {
            throw new MalformedMessageException(message, "field number " + field);
        }
        return (int) field;
    }

    /** Any 64 bits: an id. */
    long id(String field) throws MalformedMessageException {
        expect(field, Wire.VARINT);
        return varint(field);
    }

    /** A number from 0 to 2^63 - 1: a term, an index, a kind. */
    long number(String field) throws MalformedMessageException {
        long value = id(field);
        if (value < 0) {
            throw new MalformedMessageException(field,
                    Long.toUnsignedString(value) + " exceeds 2^63 - 1");
        }
        return value;
    }

    /** A truth value. */
    boolean flag(String field) throws MalformedMessageException {
        return id(field) != 0;
    }

    /** A copy of bytes. */
    Bytes bytes(String field) throws MalformedMessageException {
        byte[] copy = new byte[length(field)];
        source.get(copy);
        return Bytes.wrap(copy);
    }

    /**
     * Goes into a message within the message: what follows reads to its end, where {@link #leave}
     * goes on. Answers what leave needs.
     */
    int enter(String field) throws MalformedMessageException {
        int size = length(field);
        int outer = source.limit();
        source.limit(source.position() + size);
        return outer;
    }

    /** Comes out of a message that was read to its end. */
    void leave(int outer) {
        source.limit(outer);
    }

    /** Whether a repeated number comes packed: one {@link #enter}s to find them bare. */
    boolean isPacked() {
        return wireType == Wire.LENGTH_DELIMITED;
    }

    /** Whether bare numbers are left. */
    boolean hasMore() {
        return source.hasRemaining();
    }

    /** A bare number. */
    long varint(String field) throws MalformedMessageException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!source.hasRemaining()) {
                throw new MalformedMessageException(field, "the bytes end within a number");
            }
            byte next = source.get();
            if (shift == 63 && (next & 0xfe) != 0) {
                break;
            }
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedMessageException(field, "a number exceeds 64 bits");
    }

    /** Passes over a field that this version does not know. */
    void skip(String message) throws MalformedMessageException {
        switch (wireType) {
            case Wire.VARINT -> varint(message);
            case Wire.FIXED64 -> pass(message, Long.BYTES);
            case Wire.LENGTH_DELIMITED -> pass(message, length(message));
            case Wire.FIXED32 -> pass(message, Integer.BYTES);
            default -> throw new MalformedMessageException(message, "wire type " + wireType);
        }
    }

    /** The length of what comes next, which is there. */
    private int length(String field) throws MalformedMessageException {
        expect(field, Wire.LENGTH_DELIMITED);
        long size = varint(field);
        if (size < 0 || size > source.remaining()) {
            throw new MalformedMessageException(field, "a length of " + Long.toUnsignedString(size)
                    + " where " + source.remaining() + " bytes are left");
        }
        return (int) size;
    }

    private void pass(String message, int size) throws MalformedMessageException {
        if (size > source.remaining()) {
            throw new MalformedMessageException(message, "the bytes end within a field");
        }
        source.position(source.position() + size);
    }

    private void expect(String field, int type) throws MalformedMessageException {
        if (wireType != type) {
            throw new MalformedMessageException(field, "wire type " + wireType + " instead of "
                    + type);
        }
    }
}
