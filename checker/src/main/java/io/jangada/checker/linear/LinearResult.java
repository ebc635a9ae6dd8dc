// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import java.util.List;

/**
 * What the search answers. Immutable.
 *
 * @param answer whether there is a linearization
 * @param prefix the calls of the longest linearization found, in order: all of them, or as far as it
 *        went; where calls were divided, of the part that decided
 */
public record LinearResult(Answer answer, List<Integer> prefix) {

    /** Copies the list. */
    public LinearResult {
        prefix = List.copyOf(prefix);
    }

    /** Whether there is a linearization. */
    public enum Answer {
        /** There is one. */
        OK,
        /** There is none. */
        ILLEGAL,
        /** The bound on states was reached first. */
        UNKNOWN
    }
}
