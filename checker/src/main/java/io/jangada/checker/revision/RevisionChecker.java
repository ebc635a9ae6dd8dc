// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.Verdict;
import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.history.History;

/**
 * Decides whether a history of a store that numbers its writes is linearizable and its watchers were
 * told what they should have been, in O(n log n) steps and the sizes of what was read.
 *
 * <p>Every acknowledged write tells its revision, so the order of writes is known, and with it the
 * state that every read has to show. What is left to find out is who made the revisions that nobody
 * acknowledged; docs/checker.md tells how, and what exactly is decided.
 *
 * <p>Thread-safe: nothing is kept between calls.
 */
public final class RevisionChecker {
    /** A bound on work that only histories with many unexplained revisions reach. */
    public static final long STEPS_MAX = 1_000_000_000;

    private RevisionChecker() {}

    /** Checks {@code history} with the bound {@link #STEPS_MAX}. */
    public static Verdict check(History history) {
        return check(history, STEPS_MAX);
    }

    /**
     * Checks {@code history}.
     *
     * @param stepsMax after so many steps the answer is {@link Verdict.Undecided}
     */
    public static Verdict check(History history, long stepsMax) {
        Ledger ledger = new Ledger(history);
        Violated found = ledger.violation();
        if (found == null) {
            found = RealTime.check(ledger);
        }
        Compactions compactions = new Compactions(ledger);
        if (found == null) {
            found = compactions.check();
        }
        return found == null ? new Replay(ledger, compactions, stepsMax).run() : found;
    }
}
