// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

/** Checks of what must hold whatever peers and callers do. Always on. */
public final class Invariant {
    private Invariant() {}

    /**
     * Passes if {@code holds}.
     *
     * @param rule what must hold, in words
     * @param first the first number concerned
     * @param second the second number concerned
     * @throws InvariantViolation if not: this member has to stop, its data stays
     */
    public static void check(boolean holds, String rule, long first, long second) {
        if (!holds) {
            throw new InvariantViolation(rule + ": " + first + ", " + second);
        }
    }
}
