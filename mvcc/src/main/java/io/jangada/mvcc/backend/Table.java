// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

/** A named key space of a backend. The order is part of the snapshot format: append only. */
public enum Table {
    /** Key to its latest live key-value. */
    CURRENT,
    /** Revision to the key-value put, or to the tombstone left, at it. */
    HISTORY,
    /** Key and revision, newest first, to what happened to the key there. */
    INDEX,
    /** Lease id to the lease. */
    LEASE,
    /** Lease id and key: the keys attached to a lease. */
    LEASE_KEYS,
    /** What the store and its owner remember beside keys: revisions, applied index, members. */
    META
}
