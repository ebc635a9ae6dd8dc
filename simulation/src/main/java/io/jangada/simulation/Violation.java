// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

/** A promise of the system that a run has seen broken: which, and how. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String promise;

    /** {@code promise} names it, {@code how} says what was seen. */
    Violation(String promise, String how) {
        super(promise + ": " + how);
        this.promise = promise;
    }

    /** The name of the promise. */
    public String promise() {
        return promise;
    }
}
