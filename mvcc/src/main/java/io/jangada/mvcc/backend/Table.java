// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import java.util.List;

/** A named key space of a backend. */
public enum Table {
    /** Key to its latest live key-value. */
    CURRENT(0),
    /** Revision to the key-value put, or to the tombstone left, at it. */
    HISTORY(1),
    /** Key and revision, newest first, to what happened to the key there. */
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
