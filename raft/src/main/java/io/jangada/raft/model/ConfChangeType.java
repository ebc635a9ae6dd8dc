// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

/** What a change does with a member; the ordinal is raftpb's number (etcd raftpb: ConfChangeType). */
public enum ConfChangeType {
    /** Makes the member a voter, whether it is new or a learner. */
    ADD_NODE,
    /** Takes the member out. */
    REMOVE_NODE,
    /** Changes nothing in the configuration; the context means something to the application. */
    UPDATE_NODE,
    /** Makes the member a learner, whether it is new or a voter. */
    ADD_LEARNER_NODE
}
