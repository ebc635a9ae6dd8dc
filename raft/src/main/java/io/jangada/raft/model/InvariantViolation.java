// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

/** A defect of ours, or of the disk below: the member has to stop, its data stays. */
public final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the rule that was broken, and its numbers. */
    public InvariantViolation(String message) {
        super(message);
    }
}
