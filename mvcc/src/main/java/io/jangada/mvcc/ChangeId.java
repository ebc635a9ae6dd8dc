// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;

/**
 * The place of one change in history: names a row of HISTORY. Immutable.
 *
 * @param main the revision of the transaction, more than 0; 0 in {@link #NONE} alone
 * @param sub the number of the change within its transaction, from 0
 * @param type what happened; a deletion's row is a tombstone
 */
record ChangeId(long main, long sub, EventType type) {

    /** Before the first change of a key: older than all, and like a tombstone, the key is not there. */
    static final ChangeId NONE = new ChangeId(0, 0, EventType.DELETE);

    ChangeId {
        if (main < 0 || sub < 0 || sub > Integer.MAX_VALUE
                || (main == 0 && (sub != 0 || type == EventType.PUT))) {
            throw new IllegalArgumentException("change at " + main + ", " + sub);
        }
    }

    boolean isNone() {
        return main == 0;
    }

    boolean isPut() {
        return type == EventType.PUT;
    }

    boolean isBefore(ChangeId that) {
        return main != that.main ? main < that.main : sub < that.sub;
    }

    /** The key of its row in HISTORY. */
    ByteString row() {
        return Rows.history(main, sub, type);
    }

    @Override
    public String toString() {
        return isNone() ? "none" : type + " at " + main + ", " + sub;
    }
}
