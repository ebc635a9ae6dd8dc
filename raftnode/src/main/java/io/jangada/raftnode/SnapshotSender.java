// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/** Who makes and sends snapshots for members that lag. */
public enum SnapshotSender {
    /** The leader, as in etcd. */
    LEADER,
    /**
     * Where the leader has none already, any member that is connected to it and has what is needed, one after
     * another; the leader itself where none can. It spares the leader the reading and writing of its whole state while it serves.
     */
    ANY_MEMBER
}
