// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** How a leader makes sure that it still leads before it answers a read (etcd raft: ReadOnlyOption). */
public enum ReadOnlyMode {
    /** A quorum confirms it for each round of reads (Raft thesis 6.4). */
    SAFE,
    /**
     * It trusts a lease, which is measured from the time at which heartbeats were sent that a quorum has
     * echoed, and confirms as in safe mode when in doubt: no quorum is asked while the lease holds. As
     * safe as {@link #SAFE} while the rates of members' clocks differ by less than the configured drift
     * (Raft thesis 6.4.1). All members have to be in the same mode, with check-quorum, with the same
     * promise, and have to be told the time.
     */
    LEASE
}
