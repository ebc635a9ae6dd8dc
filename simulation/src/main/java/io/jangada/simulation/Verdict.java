// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import java.time.Duration;
import java.util.List;

/** How a run ended. Immutable. */
public sealed interface Verdict {
    /** What was run. */
    Scenario scenario();

    /** The same for every run of the same scenario on the same code. */
    long traceHash();

    /**
     * Every promise was kept.
     *
     * @param simulated how much virtual time passed
     * @param operations of clients
     * @param applied entries
     */
    record Kept(Scenario scenario, long traceHash, Duration simulated, int operations, long applied)
            implements
                Verdict {}

    /**
     * A promise was broken.
     *
     * @param what which, and how
     * @param cause where that was seen
     * @param lines the last of what happened before
     */
    record Broken(Scenario scenario, long traceHash, String what, Throwable cause,
            List<String> lines)
            implements
                Verdict {
        /** Copies the lines. */
        public Broken {
            lines = List.copyOf(lines);
        }
    }
}
