// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

/**
 * A change of one key. Immutable.
 *
 * @param kind what happened
 * @param kv the new version; of a deletion, the key and the revision only
 * @param prevKv the version before, {@link KeyValue#NONE} if there was none or it was not told
 */
public record Event(Kind kind, KeyValue kv, KeyValue prevKv) {
    /** What happens to a key. */
    public enum Kind {
        /** It is written. */
        PUT,
        /** It is removed. */
        DELETE
    }

    /** Its revision. */
    public long revision() {
        return kv.modRevision();
    }

    /** This event without the version before. */
    public Event withoutPrevKv() {
        return prevKv.isPresent() ? new Event(kind, kv, KeyValue.NONE) : this;
    }
}
