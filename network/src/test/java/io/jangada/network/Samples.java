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

    /** Any message that a member may send: every kind, and numbers from the whole range of each. */
    public static Message random(RandomGenerator random) {
        long from = id(random);
        long to = id(random);
        long term = 1 + number(random, MAX - 1);
        var id = new EntryId(number(random, MAX), number(random, MAX));
        return switch (random.nextInt(16)) {
            case 0 -> new Message.Propose(from, to, List.of(Entry.proposed(EntryType.NORMAL,
                    bytes(random)), Entry.proposed(EntryType.CONF_CHANGE_V2, bytes(random))));
            case 1 -> randomAppend(random, from, to);
            case 2 -> new Message.AppendResponse(from, to, term, id.index());
            case 3 -> new Message.AppendReject(from, to, term, number(random, MAX), id);
            case 4 -> new Message.VoteRequest(from, to, term, id, random.nextBoolean());
            case 5 -> new Message.VoteResponse(from, to, term, random.nextBoolean());
            case 6 -> new Message.PreVoteRequest(from, to, term, id);
            case 7 -> new Message.PreVoteResponse(from, to, term, random.nextBoolean());
            case 8 -> new Message.InstallSnapshot(from, to, term,
                    new Snapshot(new EntryId(id.term(), 1 + number(random, MAX - 1)),
                            new ConfState(ids(random), ids(random), ids(random), ids(random),
                                    random.nextBoolean()),
                            bytes(random)));
            case 9 -> new Message.Heartbeat(from, to, term, id.index(), number(random, MAX));
            case 10 -> new Message.HeartbeatResponse(from, to, term, number(random, MAX));
            case 11 -> new Message.ReadIndexRequest(from, to, bytes(random));
            case 12 -> new Message.ReadIndexResponse(from, to, term, id.index(), bytes(random));
            case 13 -> new Message.TransferLeader(from, to, term);
            case 14 -> new Message.TimeoutNow(from, to, term);
            default -> numbered(from, to, id.index());
        };
    }

    private static long id(RandomGenerator random) {
        long id = random.nextLong() >>> random.nextInt(64);
        return id == 0 || Long.compareUnsigned(id, ID_MAX) > 0 ? 1 : id;
    }

    private static long number(RandomGenerator random, long max) {
        return Math.min(max, random.nextLong() >>> (1 + random.nextInt(63)));
    }

    private static List<Long> ids(RandomGenerator random) {
        var ids = new ArrayList<Long>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ids.add(id(random));
        }
        return ids.stream().distinct().sorted().toList();
    }

    private static Bytes bytes(RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** An empty append whose commit index tells it from others. */
    public static Message numbered(long from, long to, long number) {
        return new Message.AppendRequest(from, to, 1, EntryId.ZERO, List.of(), number);
    }
}
