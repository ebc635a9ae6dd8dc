// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

/** How the body of a frame is written; a bit of the byte that says its kind. */
enum Packing {
    /** As it is. */
    PLAIN(0),
    /** Its size (4 bytes), then its bytes, deflated. */
    DEFLATED(0x80);

    private final int bit;

    Packing(int bit) {
        this.bit = bit;
    }

    /** The byte for a frame of {@code kind}. */
    byte code(FrameKind kind) {
        return (byte) (kind.code() | bit);
    }

    static Packing of(byte code) {
        return (code & DEFLATED.bit) != 0 ? DEFLATED : PLAIN;
    }

    /** The kind's own code in {@code code}. */
    static byte kindCode(byte code) {
        return (byte) (code & ~DEFLATED.bit);
    }
}
