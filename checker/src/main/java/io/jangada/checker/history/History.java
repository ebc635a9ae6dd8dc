// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.List;
import java.util.Set;

/**
 * What clients did and saw. It has to have every write since the initial state, and one clock.
 * Immutable.
 *
 * @param initial the store before
 * @param omitted revisions whose writes were left out on purpose; they count as changing nothing
 * @param operations the operations, in any order
 * @param watches the watchers
 */
public record History(InitialState initial, Set<Long> omitted, List<Operation> operations,
        List<Watch> watches) {
    /** Copies the collections. */
    public History {
        omitted = Set.copyOf(omitted);
        operations = List.copyOf(operations);
        watches = List.copyOf(watches);
    }

    /** A builder for a history of a store that was empty. */
    public static HistoryBuilder builder() {
        return new HistoryBuilder(InitialState.EMPTY);
    }

    /** A builder for a history of a store that was {@code initial}. */
    public static HistoryBuilder builder(InitialState initial) {
        return new HistoryBuilder(initial);
    }
}
