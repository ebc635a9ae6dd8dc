// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.Set;

/**
 * What a watcher wants. Immutable.
 *
 * @param range of which keys
 * @param startRevision from which revision on; 0 for what comes after it is created
 * @param prevKv whether with the versions before
 * @param suppressed events that it does not want
 */
public record WatchRequest(KeyRange range, long startRevision, boolean prevKv,
        Set<Event.Kind> suppressed) {
    /** Copies the set. */
    public WatchRequest {
        suppressed = Set.copyOf(suppressed);
    }

    /** Everything that happens to {@code range} from {@code startRevision} on. */
    public WatchRequest(KeyRange range, long startRevision) {
        this(range, startRevision, false, Set.of());
    }

    /** Whether it wants {@code event}. */
    public boolean wants(Event event) {
        return range.contains(event.kv().key()) && !suppressed.contains(event.kind());
    }
}
