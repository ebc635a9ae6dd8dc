// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

import io.jangada.raft.model.Bytes;

/** The numbers of protobuf's wire format and of etcd's raftpb. */
final class Wire {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED32 = 5;
    static final int FIELD_MAX = (1 << 29) - 1;

    /** MessageType: what a peer may say. */
    static final int MSG_PROP = 2;
    static final int MSG_APP = 3;
    static final int MSG_APP_RESP = 4;
    static final int MSG_VOTE = 5;
    static final int MSG_VOTE_RESP = 6;
    static final int MSG_SNAP = 7;
    static final int MSG_HEARTBEAT = 8;
    static final int MSG_HEARTBEAT_RESP = 9;
    static final int MSG_TRANSFER_LEADER = 13;
    static final int MSG_TIMEOUT_NOW = 14;
    static final int MSG_READ_INDEX = 15;
    static final int MSG_READ_INDEX_RESP = 16;
    static final int MSG_PRE_VOTE = 17;
    static final int MSG_PRE_VOTE_RESP = 18;

    /** EntryType. */
    static final int ENTRY_NORMAL = 0;
    static final int ENTRY_CONF_CHANGE = 1;
    static final int ENTRY_CONF_CHANGE_V2 = 2;

    /** Message. */
    static final int TYPE = 1;
    static final int TO = 2;
    static final int FROM = 3;
    static final int TERM = 4;
    static final int LOG_TERM = 5;
    static final int INDEX = 6;
    static final int ENTRIES = 7;
    static final int COMMIT = 8;
    static final int SNAPSHOT = 9;
    static final int REJECT = 10;
    static final int REJECT_HINT = 11;
    static final int CONTEXT = 12;
    static final int RESPONSES = 14;

    /** Entry. */
    static final int ENTRY_TYPE = 1;
    static final int ENTRY_TERM = 2;
    static final int ENTRY_INDEX = 3;
    static final int ENTRY_DATA = 4;

    /** Snapshot, SnapshotMetadata. */
    static final int SNAPSHOT_DATA = 1;
    static final int SNAPSHOT_METADATA = 2;
    static final int METADATA_CONF_STATE = 1;
    static final int METADATA_INDEX = 2;
    static final int METADATA_TERM = 3;

    /** ConfState. */
    static final int VOTERS = 1;
    static final int LEARNERS = 2;
    static final int VOTERS_OUTGOING = 3;
    static final int LEARNERS_NEXT = 4;
    static final int AUTO_LEAVE = 5;

    /** Marks a vote that the leader asked for (etcd raft: campaignTransfer). */
    static final Bytes CAMPAIGN_TRANSFER = Bytes.utf8("CampaignTransfer");

    private Wire() {}
}
