// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

/** How a change is put into force; the ordinal is raftpb's number (etcd raftpb: ConfChangeTransition). */
public enum ConfChangeTransition {
    /** Directly if it is a single change, else through a joint configuration left automatically. */
    AUTO,
    /** Through a joint configuration that the leader leaves by itself. */
    JOINT_IMPLICIT,
    /** Through a joint configuration that the application leaves by an empty change. */
    JOINT_EXPLICIT
}
