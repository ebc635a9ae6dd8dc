// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.quorum;

/** How a vote stands (etcd raft: VoteResult). */
public enum VoteResult {
    /** The answers that are missing decide. */
    PENDING,
    /** A quorum can no longer be reached. */
    LOST,
    /** A quorum has said yes. */
    WON
}
