// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** How a leader makes sure that it still leads before it answers a read (etcd raft: ReadOnlyOption). */
public enum ReadOnlyMode {
    /** A quorum confirms it for each round of reads (Raft thesis 6.4). */
    SAFE,
    /**
     * It trusts its lease: cheaper, and stale for up to an election timeout when clocks or the network
     * misbehave. Needs check-quorum.
     */
    LEASE
}
