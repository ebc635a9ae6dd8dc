// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import io.jangada.raft.model.Bytes;

/**
 * Reads the fields of a protobuf message from bytes that may be anything: what is malformed ends the
 * reading and is remembered, it never throws. Owned by its caller.
 */
final class FieldReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final Bytes data;
    private int position;
    private int field;
    private int wireType;
    private boolean malformed;

    FieldReader(Bytes data) {
        this.data = data;
    }

    /** Goes to the next field, whose value must then be read or skipped. Whether there is one. */
    boolean next() {
        if (malformed || position == data.size()) {
            return false;
        }
        long tag = varint();
        wireType = (int) (tag & 7);
        long number = tag >>> 3;
        malformed |= number == 0 || number > 0x1FFF_FFFF;
        field = (int) number;
        return !malformed;
    }

    int field() {
        return field;
    }

    boolean isMalformed() {
        return malformed;
    }

    long number() {
        malformed |= wireType != VARINT;
        return malformed ? 0 : varint();
    }

    Bytes bytes() {
        malformed |= wireType != LENGTH_DELIMITED;
        return malformed ? Bytes.EMPTY : take(varint());
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> take(8);
            case LENGTH_DELIMITED -> take(varint());
            case FIXED32 -> take(4);
            default -> malformed = true; // Groups, and what does not exist.
        }
    }

    private Bytes take(long count) {
        if (malformed || count < 0 || count > data.size() - position) {
            malformed = true;
            return Bytes.EMPTY;
        }
        int from = position;
        position += (int) count;
        return data.slice(from, position);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position == data.size()) {
                malformed = true;
                return 0;
            }
            byte next = data.at(position++);
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        malformed = true;
        return 0;
    }
}
