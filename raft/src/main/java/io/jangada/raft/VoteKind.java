// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** The two rounds of an election. */
public enum VoteKind {
    /** Asks for the vote itself (Raft thesis 3.4). */
    VOTE,
    /** Asks whether the vote would be given (Raft thesis 9.6). */
    PRE_VOTE
}
