// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;

/**
 * How far a state machine has come. Immutable.
 *
 * @param last the last entry whose effects it holds
 * @param confState the membership after that entry
 */
public record AppliedState(EntryId last, ConfState confState) {
    /** Nothing is applied and nobody is a member. */
    public static final AppliedState NONE = new AppliedState(EntryId.ZERO, ConfState.EMPTY);

    /** The index of the last entry whose effects it holds; 0 for none. */
    public long index() {
        return last.index();
    }
}
