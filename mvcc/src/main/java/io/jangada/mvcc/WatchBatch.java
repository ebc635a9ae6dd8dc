// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.List;

/**
 * Events for one watcher: all that it wants of one or more whole revisions. Immutable.
 *
 * @param events at least one, by ascending revision
 * @param revision a revision of the store at which all of them had happened
 */
public record WatchBatch(List<Event> events, long revision) {
    /** Copies the list. */
    public WatchBatch {
        events = List.copyOf(events);
    }
}
