// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

/** How large bodies of frames are made smaller. Both ends must want the same, or nothing is done. */
public enum Compression {
    /** Not at all. */
    NONE(0),
    /**
     * Deflate (RFC 1951), as fast as it goes. Messages are deflated on the peer's event loop, which takes
     * 7 to 30 ms for each MiB, and inflated on the recipient's, which takes 2 to 7; parts of snapshots
     * are deflated elsewhere. For slow links between data centres.
     */
    DEFLATE(1);

    private final int bit;

    Compression(int bit) {
        this.bit = bit;
    }

    /** As in the handshake. */
    int bit() {
        return bit;
    }

    /** What can be done of what the bits of a handshake offer; bits of later versions are passed over. */
    static Compression of(int bits) {
        return (bits & DEFLATE.bit) != 0 ? DEFLATE : NONE;
    }

    /** What both ends want. */
    Compression and(Compression that) {
        return this == that ? this : NONE;
    }
}
