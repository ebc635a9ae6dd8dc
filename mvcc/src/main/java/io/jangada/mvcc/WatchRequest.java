// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.Set;

/**
 * What to watch. Immutable.
 *
 * @param range the keys
 * @param startRevision the first revision of interest, which may be yet to come; 0 for the next one
 * @param suppressed types of events that are of no interest
 * @param withPrevious whether events are to carry the key-value before
 */
public record WatchRequest(KeyRange range, long startRevision, Set<EventType> suppressed,
        boolean withPrevious) {
    /** Copies the set. */
    public WatchRequest {
        suppressed = Set.copyOf(suppressed);
        if (startRevision < 0) {
            throw new IllegalArgumentException("start revision " + startRevision);
        }
    }

    /** Every change of {@code range} from now on. */
    public static WatchRequest of(KeyRange range) {
        return new WatchRequest(range, 0, Set.of(), false);
    }

    /** The same from {@code revision} on. */
    public WatchRequest from(long revision) {
        return new WatchRequest(range, revision, suppressed, withPrevious);
    }
}
