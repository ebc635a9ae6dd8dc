// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.List;

/** What a watcher is told; fragments of one response are joined before they get here. Immutable. */
public sealed interface WatchResponse {
    /** When it came, in nanoseconds of the history's clock. */
    long atNanos();

    /** The store's revision that it shows, or 0 if none. */
    long revision();

    /**
     * The watcher was created.
     *
     * @param atNanos when
     * @param revision the store's revision then
     */
    record Created(long atNanos, long revision) implements WatchResponse {}

    /**
     * Events.
     *
     * @param atNanos when
     * @param revision the store's revision; no promise that all events up to it are there
     * @param events at least one
     */
    record Events(long atNanos, long revision, List<Event> events) implements WatchResponse {
        /** Copies the list. */
        public Events {
            events = List.copyOf(events);
            if (events.isEmpty()) {
                throw new IllegalArgumentException("no events");
            }
        }
    }

    /**
     * All events up to a revision have been told.
     *
     * @param atNanos when
     * @param revision that revision
     */
    record Progress(long atNanos, long revision) implements WatchResponse {}

    /**
     * The end: what comes next is compacted.
     *
     * @param atNanos when
     * @param compactRevision the oldest revision that is still there
     */
    record Compacted(long atNanos, long compactRevision) implements WatchResponse {
        @Override
        public long revision() {
            return 0;
        }
    }
}
