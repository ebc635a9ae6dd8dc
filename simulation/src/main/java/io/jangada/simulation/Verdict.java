// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a run ended. Immutable. */
public sealed interface Verdict {
    /** What was run. */
    Scenario scenario();

    /** The same for every run of the same scenario on the same code. */
    long traceHash();

    /** How often each rare point of {@link Marks#all} was reached, those that were not left out. */
    SortedMap<String, Long> marks();

    /**
     * Every promise was kept.
     *
     * @param simulated how much virtual time passed
     * @param operations of clients
     * @param applied entries
     */
    record Kept(Scenario scenario, long traceHash, SortedMap<String, Long> marks,
            Duration simulated, int operations, long applied)
            implements
                Verdict {
        /** Copies the map. */
        public Kept {
            marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
        }
    }

    /**
     * A promise was broken.
     *
     * @param at after how much virtual time that was seen
     * @param what which, and how
     * @param cause where that was seen
     * @param lines the last of what happened before
     */
    record Broken(Scenario scenario, long traceHash, SortedMap<String, Long> marks, Duration at,
            String what, Throwable cause, List<String> lines)
            implements
                Verdict {
        /** Copies the map and the lines. */
        public Broken {
            marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
            lines = List.copyOf(lines);
        }

        /** The name of the promise, by which two runs that break the same one are known. */
        public String promise() {
            return cause instanceof Violation violation
                    ? violation.promise()
                    : cause.getClass().getSimpleName();
        }
    }
}
