// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

/**
 * What a member must find again after a crash (Raft thesis figure 3.1; the commit index is a help,
 * not a promise). Immutable.
 *
 * @param term the latest term seen
 * @param vote the member that got this member's vote in {@code term}; 0 for none
 * @param commit the highest index known to be committed
 */
public record HardState(long term, long vote, long commit) {

    /** Of a member that has seen nothing. */
    public static final HardState EMPTY = new HardState(0, 0, 0);

    /** Whether all three are 0. */
    public boolean isEmpty() {
        return equals(EMPTY);
    }
}
