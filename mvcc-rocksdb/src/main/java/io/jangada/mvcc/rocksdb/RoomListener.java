// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

/** Hears whether the disk has room for the database. */
@FunctionalInterface
public interface RoomListener {
    /**
     * Writers wait for room from now on, or no more. Called by one of them, which it holds up; in turns, first with
     * true.
     *
     * @param full whether they wait
     */
    void full(boolean full);
}
