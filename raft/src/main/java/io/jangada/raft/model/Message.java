// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

import java.util.List;

/**
 * What members say to each other: one record for each kind. What only this process may say is a
 * {@code LocalEvent}, so that no peer can forge it. Immutable.
 *
 * <p>Member ids are never 0 (nobody). {@code term} is the sender's, except where a record says
 * otherwise; 0 marks a message without term, which a member forwards for a client.
 */
public sealed interface Message {
    /** The sender. */
    long from();

    /** The recipient. */
    long to();

    /** The term; 0 for none. */
    long term();

    /**
     * A proposal on its way to the leader (etcd raft: MsgProp).
     *
     * @param entries at least one, without term and index
     */
    record Propose(long from, long to, List<Entry> entries) implements Message {
        public Propose {
            entries = List.copyOf(entries);
        }

        @Override
        public long term() {
            return 0;
        }
    }

    /**
     * Entries for a follower, or none to move its commit index (Raft thesis 3.5; etcd raft: MsgApp).
     *
     * @param previous the entry before the first one sent
     * @param entries consecutive, from {@code previous.index() + 1} on
     * @param commit the leader's commit index
     */
    record AppendRequest(long from, long to, long term, EntryId previous, List<Entry> entries,
            long commit)
            implements
                Message {
        public AppendRequest {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The follower's log matches the leader's up to {@code index}, durably (etcd raft: MsgAppResp).
     *
     * @param index the last index known to match; 0 in the answer to a leader of an earlier term
     */
    record AppendResponse(long from, long to, long term, long index) implements Message {}

    /**
     * The follower lacks the previous entry of an append (etcd raft: MsgAppResp with reject).
     *
     * @param index the index of the previous entry that was refused
     * @param hint where the follower's log may match: its last entry with a term that does not exceed
     *     the refused one's
     */
    record AppendReject(long from, long to, long term, long index,
            EntryId hint) implements Message {}

    /**
     * Asks for a vote (Raft thesis 3.4; etcd raft: MsgVote).
     *
     * @param term the candidate's new term
     * @param last the candidate's last entry
     * @param transfer whether the leader asked for this election, so that its lease does not count
     *     against it (Raft thesis 4.2.3)
     */
    record VoteRequest(long from, long to, long term, EntryId last,
            boolean transfer) implements Message {}

    /** Grants or refuses a vote (etcd raft: MsgVoteResp). */
    record VoteResponse(long from, long to, long term, boolean granted) implements Message {}

    /**
     * Asks whether a vote would be given (Raft thesis 9.6; etcd raft: MsgPreVote).
     *
     * @param term the term that the sender would campaign in: its own plus one
     * @param last the sender's last entry
     */
    record PreVoteRequest(long from, long to, long term, EntryId last) implements Message {}

    /**
     * Says whether a vote would be given (etcd raft: MsgPreVoteResp).
     *
     * @param term the term of the request if granted, else the sender's own
     */
    record PreVoteResponse(long from, long to, long term, boolean granted) implements Message {}

    /** A snapshot for a follower whose next entry is compacted (Raft thesis 5; etcd raft: MsgSnap). */
    record InstallSnapshot(long from, long to, long term, Snapshot snapshot) implements Message {}

    /**
     * The leader is there (etcd raft: MsgHeartbeat).
     *
     * @param commit the leader's commit index, at most what the follower is known to have
     * @param readPosition how many reads the leader has taken in its leadership; 0 if none waits for
     *     a quorum (etcd raft: the context)
     */
    record Heartbeat(long from, long to, long term, long commit,
            long readPosition) implements Message {}

    /** Answers a heartbeat and echoes its read position (etcd raft: MsgHeartbeatResp). */
    record HeartbeatResponse(long from, long to, long term, long readPosition) implements Message {}

    /**
     * A read on its way to the leader (Raft thesis 6.4; etcd raft: MsgReadIndex).
     *
     * @param context names the read for the member that asks
     */
    record ReadIndexRequest(long from, long to, Bytes context) implements Message {
        @Override
        public long term() {
            return 0;
        }
    }

    /**
     * Answers a forwarded read (etcd raft: MsgReadIndexResp).
     *
     * @param index what must be applied before the read is served
     * @param context that of the request
     */
    record ReadIndexResponse(long from, long to, long term, long index,
            Bytes context) implements Message {}

    /**
     * Asks the leader to hand over (Raft thesis 3.10; etcd raft: MsgTransferLeader).
     *
     * @param from the member that shall lead: as in etcd, not the one that forwards this
     */
    record TransferLeader(long from, long to, long term) implements Message {}

    /** Tells the target of a transfer to campaign at once (Raft thesis 3.10; etcd raft: MsgTimeoutNow). */
    record TimeoutNow(long from, long to, long term) implements Message {}
}
