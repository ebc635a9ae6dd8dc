// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;

/**
 * A member's state in numbers, cheap to take (etcd raft: BasicStatus). Immutable.
 *
 * @param id the member
 * @param hardState term, vote and commit as they are now, saved or not
 * @param softState leader and role
 * @param applied the index up to which the state machine has confirmed
 * @param last the last entry of the log, stable or not
 * @param transferTarget the member that leadership is being handed to; 0 for none
 */
public record BasicStatus(long id, HardState hardState, SoftState softState, long applied,
        EntryId last, long transferTarget) {}
