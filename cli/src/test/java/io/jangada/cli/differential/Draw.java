// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;

/** Draws the parts of requests, from few of each, so that requests meet. Used by one thread. */
final class Draw {
    static final ByteString ZERO = ByteString.copyFrom(new byte[1]);
    private static final List<ByteString> KEYS = List.of(utf8("a"), utf8("aa"), utf8("ab"),
            utf8("b"), utf8("ba"), utf8("c"), utf8("d"), utf8("e"), utf8("f/1"), utf8("f/2"),
            utf8("f/3"), ZERO, ByteString.copyFrom(new byte[]{(byte) 0xff}), utf8("á"));

    private final Random random;
    private final Duel duel;

    Draw(long seed, Duel duel) {
        this.random = new Random(seed);
        this.duel = duel;
    }

    static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** From 0 to {@code n - 1}. */
    int below(int n) {
        return random.nextInt(n);
    }

    <T> T of(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** One in eighty is empty. */
    ByteString key() {
        return oneIn(80) ? ByteString.EMPTY : of(KEYS);
    }

    ByteString keyGiven() {
        return of(KEYS);
    }

    /** The end of a range that begins with a key: none, everything, a prefix's, or any key. */
    ByteString rangeEnd() {
        return switch (below(5)) {
            case 0, 1 -> ByteString.EMPTY;
            case 2 -> ZERO;
            case 3 -> utf8("g");
            default -> of(KEYS);
        };
    }

    ByteString value() {
        return oneIn(12) ? ByteString.EMPTY : utf8("v" + below(10));
    }

    /** Of a lease that exists or not; most often none. */
    long leaseOrNone() {
        return oneIn(4) ? lease() : 0;
    }

    long lease() {
        return oneIn(20) ? Long.MAX_VALUE - 1 : 1 + below(6);
    }

    /** To read at: most often the newest; else near to it, near to what is compacted, or nonsense. */
    long revision() {
        return switch (below(12)) {
            case 0, 1 -> Math.max(0, duel.revision() - below(20));
            case 2 -> Math.max(0, duel.compacted() - 1 + below(3));
            case 3 -> oneIn(4) ? duel.revision() + 1 + below(3) : duel.revision();
            case 4 -> oneIn(4) ? -1 : 0;
            default -> 0;
        };
    }

    /** A bound for a filter of revisions; 0 for none in most cases. */
    long bound() {
        return oneIn(4) ? Math.max(-1, duel.revision() - below(40)) : 0;
    }
}
