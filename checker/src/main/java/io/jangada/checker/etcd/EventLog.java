// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.etcd;

import io.jangada.checker.history.Event;
import java.util.ArrayList;
import java.util.List;

/** What each revision changed, in order, with the versions before. Belongs to one thread. */
public final class EventLog {
    private final long base;
    private final List<List<Event>> events = new ArrayList<>();

    /** Without any revision after {@code base}. */
    public EventLog(long base) {
        this.base = base;
    }

    /** The revision before the first. */
    public long base() {
        return base;
    }

    /** The last revision, or {@link #base}. */
    public long last() {
        return base + events.size();
    }

    /** Adds the next revision. */
    public void append(List<Event> changes) {
        events.add(List.copyOf(changes));
    }

    /** Takes the last revision off and returns what it changed. */
    public List<Event> removeLast() {
        return events.removeLast();
    }

    /** What {@code revision} changed; nothing if it is not one of the log's. */
    public List<Event> at(long revision) {
        return revision <= base || revision > last()
                ? List.of()
                : events.get((int) (revision - base - 1));
    }
}
