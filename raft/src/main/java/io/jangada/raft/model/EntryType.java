// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

/** What an entry holds; the ordinal is raftpb's number (etcd raftpb: EntryType). */
public enum EntryType {
    /** A command for the state machine; empty for a new leader's first entry. */
    NORMAL,
    /** One change of membership in the old encoding (etcd raftpb: ConfChange). */
    CONF_CHANGE,
    /** Any change of membership (etcd raftpb: ConfChangeV2). */
    CONF_CHANGE_V2
}
