// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker;

import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Watch;
import java.util.List;

/** What a check answers. Immutable. */
public sealed interface Verdict {
    /**
     * Nothing in the history contradicts the guarantees.
     *
     * @param figures what was looked at
     */
    record Passed(Figures figures) implements Verdict {}

    /**
     * No order of events explains the history.
     *
     * @param kind which guarantee is broken
     * @param what one sentence with the numbers
     * @param operations the culprits, the first one foremost; empty if it is a watcher's matter
     * @param watches the watchers concerned
     */
    record Violated(ViolationKind kind, String what, List<Operation> operations,
            List<Watch> watches) implements Verdict {
        /** Copies the lists. */
        public Violated {
            operations = List.copyOf(operations);
            watches = List.copyOf(watches);
        }

        /** A violation by operations. */
        public static Violated of(ViolationKind kind, String what, Operation... operations) {
            return new Violated(kind, what, List.of(operations), List.of());
        }

        /** A violation that a watcher saw. */
        public static Violated of(ViolationKind kind, String what, Watch watch) {
            return new Violated(kind, what, List.of(), List.of(watch));
        }
    }

    /**
     * The bound on work was reached first.
     *
     * @param why which bound
     */
    record Undecided(String why) implements Verdict {}
}
