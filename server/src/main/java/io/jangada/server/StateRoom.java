// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.mvcc.rocksdb.RoomListener;
import io.jangada.raftnode.RaftNode;
import org.jspecify.annotations.Nullable;

/** Tells the group that the disk has no room for the state, or has it again, once there is a group. Thread-safe. */
final class StateRoom implements RoomListener {
    /** Under the lock. */
    private boolean isFull;
    private @Nullable RaftNode<?> node;

    @Override
    public synchronized void full(boolean full) {
        isFull = full;
        if (node != null) {
            node.stateFull(full);
        }
    }

    /** The group whose state it is. */
    synchronized void attach(RaftNode<?> started) {
        node = started;
        started.stateFull(isFull);
    }
}
