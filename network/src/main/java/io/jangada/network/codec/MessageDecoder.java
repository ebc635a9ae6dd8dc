// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From raftpb to our records: first the fields as they come, then what they mean. Holds one message
 * and is used once, by one thread.
 */
final class MessageDecoder {
    /** From here up, unsigned, ids stand for a member's own threads. */
    private static final long LOCAL_THREADS = -2;

    private long type;
    private long to;
    private long from;
    private long term;
    private long logTerm;
    private long index;
    private long commit;
    private boolean reject;
    private long rejectHint;
    private Bytes context = Bytes.EMPTY;
    private @Nullable Snapshot snapshot;
    private final List<Entry> entries = new ArrayList<>();

    Message message(ProtoReader in) throws MalformedMessageException {
        for (int field = in.nextField("message"); field != 0; field = in.nextField("message")) {
            switch (field) {
                case Wire.TYPE -> type = in.number("type");
                case Wire.TO -> to = in.id("to");
                case Wire.FROM -> from = in.id("from");
                case Wire.TERM -> term = in.number("term");
                case Wire.LOG_TERM -> logTerm = in.number("logTerm");
                case Wire.INDEX -> index = in.number("index");
                case Wire.ENTRIES -> entries.add(entry(in));
                case Wire.COMMIT -> commit = in.number("commit");
                case Wire.SNAPSHOT -> snapshot = snapshot(in);
                case Wire.REJECT -> reject = in.flag("reject");
                case Wire.REJECT_HINT -> rejectHint = in.number("rejectHint");
                case Wire.CONTEXT -> context = in.bytes("context");
                case Wire.RESPONSES -> throw new MalformedMessageException("responses",
                        "only a member's own storage gets them");
                default -> in.skip("message");
            }
        }
        requireMember("from", from);
        requireMember("to", to);
        return build();
    }

    private Message build() throws MalformedMessageException {
        if (type > Wire.MSG_PRE_VOTE_RESP) {
            throw unknownType();
        }
        return switch ((int) type) {
            case Wire.MSG_PROP -> propose();
            case Wire.MSG_APP -> append();
            case Wire.MSG_APP_RESP -> reject
                    ? new Message.AppendReject(from, to, term, index,
                            new EntryId(logTerm, rejectHint))
                    : new Message.AppendResponse(from, to, term, index);
            case Wire.MSG_VOTE -> new Message.VoteRequest(from, to, requiredTerm(),
                    new EntryId(logTerm, index), transfer());
            case Wire.MSG_VOTE_RESP -> new Message.VoteResponse(from, to, term, !reject);
            case Wire.MSG_SNAP -> installSnapshot();
            case Wire.MSG_HEARTBEAT -> new Message.Heartbeat(from, to, requiredTerm(), commit,
                    readPosition());
            case Wire.MSG_HEARTBEAT_RESP -> new Message.HeartbeatResponse(from, to, term,
                    readPosition());
            case Wire.MSG_TRANSFER_LEADER -> new Message.TransferLeader(from, to, term);
            case Wire.MSG_TIMEOUT_NOW -> new Message.TimeoutNow(from, to, requiredTerm());
            case Wire.MSG_READ_INDEX -> new Message.ReadIndexRequest(from, to, readContext());
            case Wire.MSG_READ_INDEX_RESP -> new Message.ReadIndexResponse(from, to, term, index,
                    readContext());
            case Wire.MSG_PRE_VOTE -> new Message.PreVoteRequest(from, to, requiredTerm(),
                    new EntryId(logTerm, index));
            case Wire.MSG_PRE_VOTE_RESP -> new Message.PreVoteResponse(from, to, term, !reject);
            default -> throw unknownType();
        };
    }

    private Message propose() throws MalformedMessageException {
        if (term != 0) {
            throw new MalformedMessageException("term", term + " in a proposal");
        }
        if (entries.isEmpty()) {
            throw new MalformedMessageException("entries", "none in a proposal");
        }
        for (Entry entry : entries) {
            if (entry.term() != 0 || entry.index() != 0) {
                throw new MalformedMessageException("entries",
                        entry.id() + " in a proposal, which has no place in the log yet");
            }
        }
        return new Message.Propose(from, to, entries);
    }

    private Message append() throws MalformedMessageException {
        var previous = new EntryId(logTerm, index);
        if (logTerm > requiredTerm()) {
            throw new MalformedMessageException("logTerm", logTerm + " exceeds the term " + term);
        }
        long indexBefore = index;
        long termBefore = logTerm;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.index() != indexBefore + 1) {
                throw new MalformedMessageException("entries.index",
                        entry.index() + " after " + indexBefore);
            }
            if (entry.term() < termBefore || entry.term() > term || entry.term() == 0) {
                throw new MalformedMessageException("entries.term", entry.term() + " after "
                        + termBefore + " in a message of term " + term);
            }
            indexBefore = entry.index();
            termBefore = entry.term();
        }
        return new Message.AppendRequest(from, to, term, previous, entries, commit);
    }

    private Message installSnapshot() throws MalformedMessageException {
        if (snapshot == null || snapshot.isEmpty()) {
            throw new MalformedMessageException("snapshot", "none");
        }
        return new Message.InstallSnapshot(from, to, requiredTerm(), snapshot);
    }

    private boolean transfer() throws MalformedMessageException {
        if (!context.isEmpty() && !context.equals(Wire.CAMPAIGN_TRANSFER)) {
            throw new MalformedMessageException("context", context.size()
                    + " unknown bytes in a vote");
        }
        return !context.isEmpty();
    }

    private long readPosition() throws MalformedMessageException {
        if (context.isEmpty()) {
            return 0;
        }
        if (context.size() != Long.BYTES) {
            throw new MalformedMessageException("context",
                    context.size() + " bytes instead of 8 in a heartbeat");
        }
        long position = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            position = position << 8 | (context.at(i) & 0xff);
        }
        if (position < 0) {
            throw new MalformedMessageException("context",
                    Long.toUnsignedString(position) + " exceeds 2^63 - 1");
        }
        return position;
    }

    private Bytes readContext() throws MalformedMessageException {
        if (entries.size() != 1) {
            throw new MalformedMessageException("entries", entries.size()
                    + " instead of 1 in a read");
        }
        return entries.get(0).data();
    }

    private long requiredTerm() throws MalformedMessageException {
        if (term == 0) {
            throw new MalformedMessageException("term", "0 in a message of type " + type);
        }
        return term;
    }

    private MalformedMessageException unknownType() {
        return new MalformedMessageException("type", type + " is none that a peer may send");
    }

    private static void requireMember(String field, long id) throws MalformedMessageException {
        if (id == 0 || Long.compareUnsigned(id, LOCAL_THREADS) >= 0) {
            throw new MalformedMessageException(field,
                    Long.toUnsignedString(id) + " is no member's id");
        }
    }

    private static Entry entry(ProtoReader in) throws MalformedMessageException {
        long type = 0;
        long term = 0;
        long index = 0;
        Bytes data = Bytes.EMPTY;
        int outer = in.enter("entries");
        for (int field = in.nextField("entries"); field != 0; field = in.nextField("entries")) {
            switch (field) {
                case Wire.ENTRY_TYPE -> type = in.number("entries.type");
                case Wire.ENTRY_TERM -> term = in.number("entries.term");
                case Wire.ENTRY_INDEX -> index = in.number("entries.index");
                case Wire.ENTRY_DATA -> data = in.bytes("entries.data");
                default -> in.skip("entries");
            }
        }
        in.leave(outer);
        return new Entry(term, index, entryType(type), data);
    }

    private static EntryType entryType(long number) throws MalformedMessageException {
        if (number == Wire.ENTRY_NORMAL) {
            return EntryType.NORMAL;
        }
        if (number == Wire.ENTRY_CONF_CHANGE) {
            return EntryType.CONF_CHANGE;
        }
        if (number == Wire.ENTRY_CONF_CHANGE_V2) {
            return EntryType.CONF_CHANGE_V2;
        }
        throw new MalformedMessageException("entries.type", number + " is unknown");
    }

    private static Snapshot snapshot(ProtoReader in) throws MalformedMessageException {
        Bytes data = Bytes.EMPTY;
        Snapshot metadata = Snapshot.EMPTY;
        int outer = in.enter("snapshot");
        for (int field = in.nextField("snapshot"); field != 0; field = in.nextField("snapshot")) {
            switch (field) {
                case Wire.SNAPSHOT_DATA -> data = in.bytes("snapshot.data");
                case Wire.SNAPSHOT_METADATA -> metadata = metadata(in);
                default -> in.skip("snapshot");
            }
        }
        in.leave(outer);
        return new Snapshot(metadata.id(), metadata.confState(), data);
    }

    private static Snapshot metadata(ProtoReader in) throws MalformedMessageException {
        String message = "snapshot.metadata";
        ConfState confState = ConfState.EMPTY;
        long index = 0;
        long term = 0;
        int outer = in.enter(message);
        for (int field = in.nextField(message); field != 0; field = in.nextField(message)) {
            switch (field) {
                case Wire.METADATA_CONF_STATE -> confState = confState(in);
                case Wire.METADATA_INDEX -> index = in.number("snapshot.metadata.index");
                case Wire.METADATA_TERM -> term = in.number("snapshot.metadata.term");
                default -> in.skip(message);
            }
        }
        in.leave(outer);
        return new Snapshot(new EntryId(term, index), confState, Bytes.EMPTY);
    }

    private static ConfState confState(ProtoReader in) throws MalformedMessageException {
        String message = "snapshot.metadata.conf_state";
        var voters = new ArrayList<Long>();
        var learners = new ArrayList<Long>();
        var votersOutgoing = new ArrayList<Long>();
        var learnersNext = new ArrayList<Long>();
        boolean autoLeave = false;
        int outer = in.enter(message);
        for (int field = in.nextField(message); field != 0; field = in.nextField(message)) {
            switch (field) {
                case Wire.VOTERS -> ids("voters", in, voters);
                case Wire.LEARNERS -> ids("learners", in, learners);
                case Wire.VOTERS_OUTGOING -> ids("voters_outgoing", in, votersOutgoing);
                case Wire.LEARNERS_NEXT -> ids("learners_next", in, learnersNext);
                case Wire.AUTO_LEAVE -> autoLeave = in.flag("auto_leave");
                default -> in.skip(message);
            }
        }
        in.leave(outer);
        return new ConfState(voters, learners, votersOutgoing, learnersNext, autoLeave);
    }

    /** Protobuf lets a writer pack repeated numbers or not, and a reader takes both. */
    private static void ids(String field, ProtoReader in, List<Long> ids)
            throws MalformedMessageException {
        if (!in.isPacked()) {
            ids.add(in.id(field));
            return;
        }
        int outer = in.enter(field);
        while (in.hasMore()) {
            ids.add(in.varint(field));
        }
        in.leave(outer);
    }
}
