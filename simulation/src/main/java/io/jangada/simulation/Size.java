// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

/** What there can be more or less of in a {@link Scenario}. */
public enum Size {
    /** Members who begin, at least 1; a seed makes 1 to 7. */
    VOTERS(1),
    /** Who are added at once; a seed makes 0 to 3. */
    LEARNERS(0),
    /** Who ask at the same time, at least 1. */
    CLIENTS(1),
    /** Who watch keys at the same time. */
    WATCHERS(0);

    private final int least;

    Size(int least) {
        this.least = least;
    }

    /** How few there can be. */
    public int least() {
        return least;
    }

    /**
     * The {@code count}.
     *
     * @throws IllegalArgumentException if that is too few
     */
    int checked(int count) {
        if (count < least) {
            throw new IllegalArgumentException(this + ": " + count + ", below " + least);
        }
        return count;
    }
}
