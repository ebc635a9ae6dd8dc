// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

/** A promise of the system that a run has seen broken: which, and how. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** {@code invariant} names the promise, {@code how} says what was seen. */
    Violation(String invariant, String how) {
        super(invariant + ": " + how);
    }
}
