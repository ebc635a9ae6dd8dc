// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.util.List;

/** From our records to raftpb. Which record is which kind is said here, and read back in {@link MessageDecoder}. */
final class MessageEncoder {
    private MessageEncoder() {}

    static void message(Message message, ProtoWriter out) {
        switch (message) {
            case Message.Propose m -> {
                head(Wire.MSG_PROP, m, out);
                entries(m.entries(), out);
            }
            case Message.AppendRequest m -> append(m, out);
            case Message.AppendResponse m -> {
                head(Wire.MSG_APP_RESP, m, out);
                out.number(Wire.INDEX, m.index());
            }
            case Message.AppendReject m -> reject(m, out);
            case Message.VoteRequest m -> {
                head(Wire.MSG_VOTE, m, out);
                logEnd(m.last(), out);
                out.bytes(Wire.CONTEXT, m.transfer() ? Wire.CAMPAIGN_TRANSFER : Bytes.EMPTY);
            }
            case Message.VoteResponse m -> {
                head(Wire.MSG_VOTE_RESP, m, out);
                out.flag(Wire.REJECT, !m.granted());
            }
            case Message.PreVoteRequest m -> {
                head(Wire.MSG_PRE_VOTE, m, out);
                logEnd(m.last(), out);
            }
            case Message.PreVoteResponse m -> {
                head(Wire.MSG_PRE_VOTE_RESP, m, out);
                out.flag(Wire.REJECT, !m.granted());
            }
            case Message.InstallSnapshot m -> {
                head(Wire.MSG_SNAP, m, out);
                snapshot(m.snapshot(), out);
            }
            case Message.Heartbeat m -> {
                head(Wire.MSG_HEARTBEAT, m, out);
                out.number(Wire.COMMIT, m.commit());
                readPosition(m.readPosition(), out);
            }
            case Message.HeartbeatResponse m -> {
                head(Wire.MSG_HEARTBEAT_RESP, m, out);
                readPosition(m.readPosition(), out);
            }
            case Message.ReadIndexRequest m -> {
                head(Wire.MSG_READ_INDEX, m, out);
                entry(Entry.proposed(EntryType.NORMAL, m.context()), out);
            }
            case Message.ReadIndexResponse m -> {
                head(Wire.MSG_READ_INDEX_RESP, m, out);
                out.number(Wire.INDEX, m.index());
                entry(Entry.proposed(EntryType.NORMAL, m.context()), out);
            }
            case Message.TransferLeader m -> head(Wire.MSG_TRANSFER_LEADER, m, out);
            case Message.TimeoutNow m -> head(Wire.MSG_TIMEOUT_NOW, m, out);
        }
    }

    private static void head(int type, Message m, ProtoWriter out) {
        out.required(Wire.TYPE, type);
        out.number(Wire.TO, m.to());
        out.number(Wire.FROM, m.from());
        out.number(Wire.TERM, m.term());
    }

    private static void append(Message.AppendRequest m, ProtoWriter out) {
        head(Wire.MSG_APP, m, out);
        logEnd(m.previous(), out);
        entries(m.entries(), out);
        out.number(Wire.COMMIT, m.commit());
    }

    private static void reject(Message.AppendReject m, ProtoWriter out) {
        head(Wire.MSG_APP_RESP, m, out);
        out.number(Wire.LOG_TERM, m.hint().term());
        out.number(Wire.INDEX, m.index());
        out.flag(Wire.REJECT, true);
        out.number(Wire.REJECT_HINT, m.hint().index());
    }

    private static void logEnd(EntryId id, ProtoWriter out) {
        out.number(Wire.LOG_TERM, id.term());
        out.number(Wire.INDEX, id.index());
    }

    private static void readPosition(long position, ProtoWriter out) {
        if (position == 0) {
            return;
        }
        byte[] context = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            context[i] = (byte) (position >>> (8 * i));
        }
        out.bytes(Wire.CONTEXT, Bytes.wrap(context));
    }

    private static void entries(List<Entry> entries, ProtoWriter out) {
        for (int i = 0; i < entries.size(); i++) {
            entry(entries.get(i), out);
        }
    }

    /** All but empty data is written: {@link Entry#encodedBytes} counts on it. */
    private static void entry(Entry entry, ProtoWriter out) {
        out.begin(Wire.ENTRIES, entry.encodedBytes());
        out.required(Wire.ENTRY_TYPE, number(entry.type()));
        out.required(Wire.ENTRY_TERM, entry.term());
        out.required(Wire.ENTRY_INDEX, entry.index());
        out.bytes(Wire.ENTRY_DATA, entry.data());
    }

    private static int number(EntryType type) {
        return switch (type) {
            case NORMAL -> Wire.ENTRY_NORMAL;
            case CONF_CHANGE -> Wire.ENTRY_CONF_CHANGE;
            case CONF_CHANGE_V2 -> Wire.ENTRY_CONF_CHANGE_V2;
        };
    }

    private static void snapshot(Snapshot snapshot, ProtoWriter out) {
        var confState = new ProtoWriter(null);
        confState(snapshot.confState(), confState);
        var metadata = new ProtoWriter(null);
        metadata(snapshot, confState.bytes(), metadata);
        var whole = new ProtoWriter(null);
        whole.bytes(Wire.SNAPSHOT_DATA, snapshot.data());
        whole.begin(Wire.SNAPSHOT_METADATA, metadata.bytes());

        out.begin(Wire.SNAPSHOT, whole.bytes() + metadata.bytes());
        out.bytes(Wire.SNAPSHOT_DATA, snapshot.data());
        out.begin(Wire.SNAPSHOT_METADATA, metadata.bytes());
        metadata(snapshot, confState.bytes(), out);
    }

    private static void metadata(Snapshot snapshot, long confStateBytes, ProtoWriter out) {
        out.begin(Wire.METADATA_CONF_STATE, confStateBytes);
        confState(snapshot.confState(), out);
        out.required(Wire.METADATA_INDEX, snapshot.index());
        out.required(Wire.METADATA_TERM, snapshot.term());
    }

    private static void confState(ConfState state, ProtoWriter out) {
        ids(Wire.VOTERS, state.voters(), out);
        ids(Wire.LEARNERS, state.learners(), out);
        ids(Wire.VOTERS_OUTGOING, state.votersOutgoing(), out);
        ids(Wire.LEARNERS_NEXT, state.learnersNext(), out);
        out.required(Wire.AUTO_LEAVE, state.autoLeave() ? 1 : 0);
    }

    private static void ids(int field, List<Long> ids, ProtoWriter out) {
        for (long id : ids) {
            out.required(field, id);
        }
    }
}
