// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.ByteOrder;

/**
 * The keys that a request names, as etcd writes them. Immutable.
 *
 * <p>An empty {@code rangeEnd} means the one key; a {@code rangeEnd} of one zero byte means all keys
 * at or after {@code key}; any other means [key, rangeEnd), which may be empty.
 */
public record KeyRange(ByteString key, ByteString rangeEnd) {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[]{0});

    /** Every key. */
    public static final KeyRange ALL = new KeyRange(ZERO, ZERO);

    /** Just {@code key}. */
    public static KeyRange single(ByteString key) {
        return new KeyRange(key, ByteString.EMPTY);
    }

    /** All keys that start with {@code prefix}. */
    public static KeyRange prefix(ByteString prefix) {
        if (prefix.isEmpty()) {
            return ALL;
        }
        ByteString end = ByteOrder.prefixEnd(prefix);
        return new KeyRange(prefix, end.isEmpty() ? ZERO : end);
    }

    /** Whether this is about one key. */
    public boolean isSingle() {
        return rangeEnd.isEmpty();
    }

    /** Whether no key can be in it. */
    public boolean isEmpty() {
        return !rangeEnd.isEmpty() && !isUnbounded() && ByteOrder.compare(key, rangeEnd) >= 0;
    }

    /** Whether {@code candidate} is in it. */
    public boolean contains(ByteString candidate) {
        return isSingle() ? key.equals(candidate) : ByteOrder.isWithin(candidate, key, end());
    }

    /** The exclusive upper bound; empty if there is none. */
    ByteString end() {
        if (isSingle()) {
            return key.concat(ZERO);
        }
        return isUnbounded() ? ByteString.EMPTY : rangeEnd;
    }

    private boolean isUnbounded() {
        return rangeEnd.size() == 1 && rangeEnd.byteAt(0) == 0;
    }
}
