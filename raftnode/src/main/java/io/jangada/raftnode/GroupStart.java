// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/** What a member does that finds nothing of a group on its disk; a restart goes on with what is there. */
public enum GroupStart {
    /** Begins the group, together with the other initial members, which are given the same list. */
    NEW,
    /** Waits to be added by the members of a group that runs; they send it their state. */
    JOIN
}
