// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One change of one key. Immutable. */
public final class Event {
    private final EventType type;
    private final KeyValue keyValue;
    private final @Nullable KeyValue previous;

    Event(EventType type, KeyValue keyValue, @Nullable KeyValue previous) {
        this.type = type;
        this.keyValue = keyValue;
        this.previous = previous;
    }

    /** What happened. */
    public EventType type() {
        return type;
    }

    /** The key-value put; or, of a deletion, the key and its revision alone. */
    public KeyValue keyValue() {
        return keyValue;
    }

    /**
     * The key-value just before, if there was one. A watcher that did not ask for it may get it or
     * not; one that did gets it unless compaction took it away.
     */
    public Optional<KeyValue> previous() {
        return Optional.ofNullable(previous);
    }

    /** The revision at which it happened. */
    public long revision() {
        return keyValue.modRevision();
    }

    int bytes() {
        KeyValue before = previous;
        return keyValue.key().size() + keyValue.value().size()
                + (before == null ? 0 : before.value().size());
    }

    Event withPrevious(Optional<KeyValue> before) {
        return new Event(type, keyValue, before.orElse(null));
    }

    @Override
    public String toString() {
        return type + " at " + revision() + " of a key of " + keyValue.key().size() + " bytes";
    }
}
