// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import com.google.protobuf.ByteString;
import java.util.Comparator;

/** The order of keys: byte by byte, unsigned; a prefix comes before what it begins. */
public final class ByteOrder {
    /** The order as a comparator. */
    public static final Comparator<ByteString> UNSIGNED = ByteOrder::compare;

    private ByteOrder() {}

    /** Negative, zero or positive as {@code a} comes before, equals or comes after {@code b}. */
    public static int compare(ByteString a, ByteString b) {
        int common = Math.min(a.size(), b.size());
        for (int i = 0; i < common; i++) {
            int byByte = (a.byteAt(i) & 0xff) - (b.byteAt(i) & 0xff);
            if (byByte != 0) {
                return byByte;
            }
        }
        return a.size() - b.size();
    }

    /** Whether {@code key} is in [from, to); an empty {@code to} means no upper bound. */
    public static boolean isWithin(ByteString key, ByteString from, ByteString to) {
        return compare(key, from) >= 0 && (to.isEmpty() || compare(key, to) < 0);
    }

    /**
     * The least byte string greater than all that start with {@code prefix}; empty, meaning no
     * upper bound, if there is none.
     */
    public static ByteString prefixEnd(ByteString prefix) {
        for (int i = prefix.size() - 1; i >= 0; i--) {
            if (prefix.byteAt(i) != (byte) 0xff) {
                byte[] last = {(byte) (prefix.byteAt(i) + 1)};
                return prefix.substring(0, i).concat(ByteString.copyFrom(last));
            }
        }
        return ByteString.EMPTY;
    }
}
