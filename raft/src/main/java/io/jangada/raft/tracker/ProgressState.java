// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.tracker;

/** How a leader sends to a member (etcd raft: tracker.StateType). */
public enum ProgressState {
    /** Where the logs match is unknown: one append at a time finds out. */
    PROBE,
    /** Appends follow each other without waiting, as far as the window has room. */
    REPLICATE,
    /** A snapshot is on its way: nothing else is sent. */
    SNAPSHOT
}
