// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import java.util.Optional;

/** What rare points messages show. Pure. */
final class MessageMarks {
    private static final int MANY = 64;

    private MessageMarks() {}

    /** What {@code message} is; a note if it is none. */
    static Marks.Kind kind(Optional<Message> message) {
        if (message.isEmpty()) {
            return Marks.Kind.NOTE;
        }
        return switch (message.get()) {
            case Message.AppendRequest ignored -> Marks.Kind.APPEND;
            case Message.AppendResponse ignored -> Marks.Kind.APPEND_ANSWER;
            case Message.AppendReject ignored -> Marks.Kind.REJECT;
            case Message.Heartbeat ignored -> Marks.Kind.HEARTBEAT;
            case Message.HeartbeatResponse ignored -> Marks.Kind.HEARTBEAT_ANSWER;
            case Message.VoteRequest ignored -> Marks.Kind.VOTE;
            case Message.VoteResponse ignored -> Marks.Kind.VOTE;
            case Message.PreVoteRequest ignored -> Marks.Kind.PRE_VOTE;
            case Message.PreVoteResponse ignored -> Marks.Kind.PRE_VOTE;
            case Message.InstallSnapshot ignored -> Marks.Kind.SNAPSHOT;
            case Message.TransferLeader ignored -> Marks.Kind.HAND_OVER;
            case Message.TimeoutNow ignored -> Marks.Kind.HAND_OVER;
            case Message.Propose ignored -> Marks.Kind.PROPOSAL;
            case Message.ReadIndexRequest ignored -> Marks.Kind.READ;
            case Message.ReadIndexResponse ignored -> Marks.Kind.READ;
        };
    }

    /** Tells {@code marks} what {@code message} shows as it leaves {@code by}. */
    static void sent(Marks marks, long by, Message message) {
        switch (message) {
            case Message.InstallSnapshot one when one.from() != by ->
                marks.see(Marks.Point.SNAPSHOT_SENT_FOR_A_LEADER);
            case Message.PreVoteResponse one -> marks.see(one.granted()
                    ? Marks.Point.PRE_VOTE_GRANTED
                    : Marks.Point.PRE_VOTE_REFUSED);
            case Message.VoteResponse one -> marks.see(
                    one.granted() ? Marks.Point.VOTE_GRANTED : Marks.Point.VOTE_REFUSED);
            case Message.VoteRequest one when one.transfer() ->
                marks.see(Marks.Point.VOTE_IN_A_HAND_OVER);
            case Message.AppendReject one -> marks.see(one.hint().index() > 0
                    ? Marks.Point.REJECT_WITH_A_HINT
                    : Marks.Point.REJECT_OF_AN_EMPTY_LOG);
            case Message.AppendRequest one when !one.entries().isEmpty() -> append(marks, one);
            case Message.Propose one when one.entries().getFirst().type() != EntryType.NORMAL ->
                marks.see(Marks.Point.CHANGE_FORWARDED);
            case Message.Heartbeat one when one.readPosition() > 0 ->
                marks.see(Marks.Point.READ_OF_A_QUORUM);
            default -> {
            }
        }
    }

    private static void append(Marks marks, Message.AppendRequest append) {
        if (append.entries().getFirst().term() < append.term()) {
            marks.see(Marks.Point.APPEND_OF_AN_EARLIER_TERM);
        }
        if (append.entries().size() >= MANY) {
            marks.see(Marks.Point.APPEND_OF_MANY);
        }
    }
}
