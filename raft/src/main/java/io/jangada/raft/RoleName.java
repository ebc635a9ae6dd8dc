// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** The role of a member (etcd raft: StateType). */
public enum RoleName {
    /** Follows a leader, or waits for one. */
    FOLLOWER,
    /** Asks for votes. */
    CANDIDATE,
    /** Leads its term. */
    LEADER,
    /** Asks whether it would get votes (Raft thesis 9.6). */
    PRE_CANDIDATE
}
