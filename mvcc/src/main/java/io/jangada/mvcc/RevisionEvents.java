// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import java.util.List;

/**
 * All changes of one revision, in the order of their making. Immutable.
 *
 * @param revision the revision
 * @param events its changes, at least one
 */
public record RevisionEvents(long revision, List<Event> events) {
    /** Copies the list. */
    public RevisionEvents {
        events = List.copyOf(events);
    }
}
