// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.etcd;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.KeyValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The keys at one revision, and which lease they are attached to. Belongs to one thread. */
public final class KeySpace {
    private final NavigableMap<Bytes, KeyValue> kvs = new TreeMap<>();
    private final Map<Long, TreeSet<Bytes>> leased = new HashMap<>();

    /** With these keys. */
    public KeySpace(Collection<KeyValue> kvs) {
        kvs.forEach(this::place);
    }

    /** One of its own with the same keys. */
    public KeySpace copy() {
        return new KeySpace(kvs.values());
    }

    /** The version of {@code key}, or {@link KeyValue#NONE}. */
    public KeyValue get(Bytes key) {
        KeyValue found = kvs.get(key);
        return found == null ? KeyValue.NONE : found;
    }

    /** The versions in {@code range}, by ascending key: a view, not to be kept beyond the next change. */
    public Collection<KeyValue> in(KeyRange range) {
        if (range.isSingle()) {
            KeyValue found = kvs.get(range.key());
            return found == null ? List.of() : List.of(found);
        }
        if (range.isOpen()) {
            return kvs.tailMap(range.key(), true).values();
        }
        return range.key().compareTo(range.end()) < 0
                ? kvs.subMap(range.key(), true, range.end(), false).values()
                : List.of();
    }

    /** The keys attached to {@code lease}, in order; a copy. */
    public List<Bytes> attachedTo(long lease) {
        TreeSet<Bytes> keys = leased.get(lease);
        return keys == null ? List.of() : List.copyOf(keys);
    }

    /** The leases with keys, by number. */
    public List<Long> leases() {
        return leased.keySet().stream().sorted().toList();
    }

    /** Whether any key is attached to {@code lease}. */
    public boolean isAttached(long lease) {
        return leased.containsKey(lease);
    }

    /** Writes a key at {@code revision}. */
    public Event put(Bytes key, Bytes value, long lease, long revision) {
        KeyValue before = get(key);
        KeyValue after = before.isPresent()
                ? new KeyValue(key, value, before.createRevision(), revision, before.version() + 1,
                        lease)
                : new KeyValue(key, value, revision, revision, 1, lease);
        replace(before, after);
        return new Event(Event.Kind.PUT, after, before);
    }

    /** Removes the keys of {@code range} at {@code revision}. */
    public List<Event> delete(KeyRange range, long revision) {
        List<Event> events = new ArrayList<>();
        for (KeyValue before : List.copyOf(in(range))) {
            events.add(delete(before, revision));
        }
        return events;
    }

    /** Ends {@code lease} at {@code revision}: removes its keys, in their order. */
    public List<Event> revoke(long lease, long revision) {
        List<Event> events = new ArrayList<>();
        for (Bytes key : attachedTo(lease)) {
            events.add(delete(get(key), revision));
        }
        return events;
    }

    /** Takes the last change back. */
    public void undo(Event event) {
        KeyValue after = event.kind() == Event.Kind.PUT ? event.kv() : KeyValue.NONE;
        replace(after, event.prevKv());
    }

    private Event delete(KeyValue before, long revision) {
        replace(before, KeyValue.NONE);
        return new Event(Event.Kind.DELETE, KeyValue.deleted(before.key(), revision), before);
    }

    private void replace(KeyValue before, KeyValue after) {
        if (before.lease() != 0) {
            detach(before);
        }
        if (after.isPresent()) {
            place(after);
        } else {
            kvs.remove(before.key());
        }
    }

    private void place(KeyValue kv) {
        kvs.put(kv.key(), kv);
        if (kv.lease() != 0) {
            leased.computeIfAbsent(kv.lease(), ignored -> new TreeSet<>()).add(kv.key());
        }
    }

    private void detach(KeyValue kv) {
        TreeSet<Bytes> keys = leased.get(kv.lease());
        if (keys != null && keys.remove(kv.key()) && keys.isEmpty()) {
            leased.remove(kv.lease());
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeySpace that && kvs.equals(that.kvs);
    }

    @Override
    public int hashCode() {
        return kvs.hashCode();
    }
}
