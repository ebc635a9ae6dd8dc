// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Messages of every kind: the smallest, the largest, and random ones. */
public final class Samples {
    private static final long MAX = Long.MAX_VALUE;
    /** The largest id that is not one of a member's own threads. */
    private static final long ID_MAX = -3;
    private static final Bytes DATA = Bytes.utf8("data");

    private Samples() {}

    /** Every record with the least and the most that it can hold. */
    public static List<Message> messages() {
        var max = new EntryId(MAX, MAX);
        var confState = new ConfState(List.of(1L, ID_MAX), List.of(4L), List.of(1L, 2L),
                List.of(2L), true);
        return List.of(
                new Message.Propose(1, 2,
                        List.of(Entry.proposed(EntryType.CONF_CHANGE_V2, Bytes.EMPTY))),
                new Message.Propose(ID_MAX, ID_MAX, List.of(Entry.proposed(EntryType.NORMAL, DATA),
                        Entry.proposed(EntryType.CONF_CHANGE, DATA))),
                new Message.AppendRequest(1, 2, 1, EntryId.ZERO, List.of(), 0),
                new Message.AppendRequest(1, 2, MAX, new EntryId(MAX, MAX - 1),
                        List.of(new Entry(MAX, MAX, EntryType.NORMAL, DATA)), MAX),
                new Message.AppendResponse(1, 2, 0, 0),
                new Message.AppendResponse(1, 2, MAX, MAX),
                new Message.AppendReject(1, 2, 0, 0, EntryId.ZERO),
                new Message.AppendReject(1, 2, MAX, MAX, max),
                new Message.VoteRequest(1, 2, 1, EntryId.ZERO, false),
                new Message.VoteRequest(1, 2, MAX, max, true),
                new Message.VoteResponse(1, 2, 0, false),
                new Message.VoteResponse(1, 2, MAX, true),
                new Message.PreVoteRequest(1, 2, 1, EntryId.ZERO),
                new Message.PreVoteRequest(1, 2, MAX, max),
                new Message.PreVoteResponse(1, 2, 0, false),
                new Message.PreVoteResponse(1, 2, MAX, true),
                new Message.InstallSnapshot(1, 2, 1,
                        new Snapshot(new EntryId(0, 1), ConfState.EMPTY, Bytes.EMPTY)),
                new Message.InstallSnapshot(1, 2, MAX, new Snapshot(max, confState, DATA)),
                new Message.Heartbeat(1, 2, 1, 0, 0),
                new Message.Heartbeat(1, 2, MAX, MAX, MAX),
                new Message.HeartbeatResponse(1, 2, 0, 0),
                new Message.HeartbeatResponse(1, 2, MAX, MAX),
                new Message.ReadIndexRequest(1, 2, Bytes.EMPTY),
                new Message.ReadIndexRequest(1, 2, DATA),
                new Message.ReadIndexResponse(1, 2, 0, 0, Bytes.EMPTY),
                new Message.ReadIndexResponse(1, 2, MAX, MAX, DATA),
                new Message.TransferLeader(1, 2, 0),
                new Message.TransferLeader(ID_MAX, 2, MAX),
                new Message.TimeoutNow(1, 2, 1),
                new Message.TimeoutNow(1, 2, MAX));
    }

    /** An append of up to 8 entries of up to 100 bytes. */
    public static Message.AppendRequest randomAppend(RandomGenerator random, long from, long to) {
        long term = 1 + random.nextLong(1 << 20);
        var previous = new EntryId(random.nextLong(term), random.nextLong(1L << 40));
        var entries = new ArrayList<Entry>();
        for (int i = random.nextInt(9); i > 0; i--) {
            byte[] data = new byte[random.nextInt(100)];
            random.nextBytes(data);
            entries.add(new Entry(term, previous.index() + entries.size() + 1, EntryType.NORMAL,
                    Bytes.wrap(data)));
        }
        return new Message.AppendRequest(from, to, term, previous, entries, previous.index());
    }

    /** An empty append whose commit index tells it from others. */
    public static Message numbered(long from, long to, long number) {
        return new Message.AppendRequest(from, to, 1, EntryId.ZERO, List.of(), number);
    }
}
