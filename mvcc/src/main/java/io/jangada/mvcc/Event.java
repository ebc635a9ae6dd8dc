// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One change of one key. Immutable. */
public final class Event {
    private final EventType type;
    private final KeyValue keyValue;
    private final @Nullable KeyValue previous;
    /** Of an event from history, which does not have the previous key-value itself. */
    private final @Nullable ChangeId previousChange;

    /** An event as it happens; {@code previous} is the key-value before, if there was one. */
    Event(EventType type, KeyValue keyValue, @Nullable KeyValue previous) {
        this(type, keyValue, previous, null);
    }

    /** An event from history: that {@code keyValue} came after {@code previousChange}. */
    Event(EventType type, KeyValue keyValue, ChangeId previousChange) {
        this(type, keyValue, null, previousChange);
    }

    private Event(EventType type, KeyValue keyValue, @Nullable KeyValue previous,
            @Nullable ChangeId previousChange) {
        this.type = type;
        this.keyValue = keyValue;
        this.previous = previous;
        this.previousChange = previousChange;
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
     * The key-value just before this revision, if there was one; not that of an earlier change of the same
     * revision, and none for a put that creates the key, even where the same revision deleted it before (etcd:
     * IsCreateEvent). A watcher that did not ask for it may get it or not; one that did gets it unless
     * compaction took it away.
     */
    public Optional<KeyValue> previous() {
        boolean creates = type == EventType.PUT
                && keyValue.createRevision() == keyValue.modRevision();
        return creates ? Optional.empty() : Optional.ofNullable(previous);
    }

    /** The revision at which it happened. */
    public long revision() {
        return keyValue.modRevision();
    }

    /** The change of the key before this one, if the event knows it. */
    Optional<ChangeId> previousChange() {
        return Optional.ofNullable(previousChange);
    }

    int bytes() {
        KeyValue before = previous;
        return keyValue.key().size() + keyValue.value().size()
                + (before == null ? 0 : before.value().size());
    }

    Event withPrevious(Optional<KeyValue> before) {
        return new Event(type, keyValue, before.orElse(null), previousChange);
    }

    @Override
    public String toString() {
        return type + " at " + revision() + " of a key of " + keyValue.key().size() + " bytes";
    }
}
