// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import java.util.List;

/** A named key space of a backend. */
public enum Table {
    /** Key to its latest version: a key-value, or a tombstone until compaction takes that away. */
    CURRENT(0),
    /** Revision to the version put, or to the tombstone left, at it. */
    HISTORY(1),
    /** Key and revision, oldest first: the milestones among the changes of a key. */
    INDEX(2),
    /** Lease id to the lease. */
    LEASE(3),
    /** Lease id and key: the keys attached to a lease. */
    LEASE_KEYS(4),
    /** What the store and its owner remember beside keys: revisions, applied index, members. */
    META(5);

    /** All tables; each stands at its {@link #number}. */
    public static final List<Table> ALL = List.of(values());

    private final int number;

    Table(int number) {
        this.number = number;
    }

    /** Its number in stored forms, counted from 0; never changes. */
    public int number() {
        return number;
    }
}
