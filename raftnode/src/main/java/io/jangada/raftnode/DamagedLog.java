// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/** What a host does with a log that is damaged where something may have been acknowledged. */
public enum DamagedLog {
    /** Refuses to start, names file and offset, and changes nothing. */
    REFUSE,
    /**
     * Sets the log aside and lets the peers repair the member: it neither votes nor acknowledges anything,
     * the leader makes it a learner, brings it up to date from where its state machine is, and makes it a
     * voter again. Of no use in a group of one, which refuses to start.
     */
    REJOIN
}
