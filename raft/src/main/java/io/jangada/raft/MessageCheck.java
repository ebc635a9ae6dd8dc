// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be said against a message whatever the member's state. Pure functions. */
final class MessageCheck {
    private static final String OUT_OF_RANGE = "number out of range";

    /** No log gets that far, and no sum of two such numbers overflows. */
    private static final long NUMBER_MAX = Long.MAX_VALUE / 4;

    private MessageCheck() {}

    /** Whether {@code message} is one that storage releases: see {@link LocalEvent.Released}. */
    static boolean isOwnResponse(Message message, long self) {
        return message.from() == self && (message instanceof Message.AppendResponse
                || message instanceof Message.VoteResponse
                || message instanceof Message.PreVoteResponse);
    }

    /** What is wrong with {@code message}, as seen by member {@code self}; null if nothing is. */
    static @Nullable String flaw(Message message, long self) {
        if (message.from() == 0) {
            return "no sender";
        }
        if (message.to() != self && message.to() != 0) {
            return "addressed to another member";
        }
        if (isOutOfRange(message.term())) {
            return OUT_OF_RANGE;
        }
        if (message.from() == self && !maySayToItself(message)) {
            return "from this member itself";
        }
        return body(message);
    }

    private static boolean maySayToItself(Message message) {
        return switch (message) {
            case Message.Propose ignored -> true;
            case Message.AppendResponse ignored -> true;
            case Message.VoteResponse ignored -> true;
            case Message.PreVoteResponse ignored -> true;
            case Message.ReadIndexRequest ignored -> true;
            case Message.TransferLeader ignored -> true;
            case Message.AppendRequest ignored -> false;
            case Message.AppendReject ignored -> false;
            case Message.VoteRequest ignored -> false;
            case Message.PreVoteRequest ignored -> false;
            case Message.InstallSnapshot ignored -> false;
            case Message.Heartbeat ignored -> false;
            case Message.HeartbeatResponse ignored -> false;
            case Message.ReadIndexResponse ignored -> false;
            case Message.TimeoutNow ignored -> false;
        };
    }

    private static @Nullable String body(Message message) {
        return switch (message) {
            case Message.Propose m -> m.entries().isEmpty() ? "proposal without entries" : null;
            case Message.AppendRequest m -> isOutOfRange(m.commit()) ? OUT_OF_RANGE : entries(m);
            case Message.AppendResponse m -> number(m.index());
            case Message.AppendReject m -> isOutOfRange(m.index()) ? OUT_OF_RANGE : id(m.hint());
            case Message.VoteRequest m -> id(m.last());
            case Message.VoteResponse ignored -> null;
            case Message.PreVoteRequest m -> id(m.last());
            case Message.PreVoteResponse ignored -> null;
            case Message.InstallSnapshot m -> snapshot(m);
            case Message.Heartbeat m -> isOutOfRange(m.commit())
                    ? OUT_OF_RANGE
                    : number(m.readPosition());
            case Message.HeartbeatResponse m -> number(m.readPosition());
            case Message.ReadIndexRequest ignored -> null;
            case Message.ReadIndexResponse m -> number(m.index());
            case Message.TransferLeader ignored -> null;
            case Message.TimeoutNow ignored -> null;
        };
    }

    private static @Nullable String id(EntryId id) {
        return isOutOfRange(id.term()) ? OUT_OF_RANGE : number(id.index());
    }

    private static @Nullable String number(long number) {
        return isOutOfRange(number) ? OUT_OF_RANGE : null;
    }

    private static boolean isOutOfRange(long number) {
        return number < 0 || number > NUMBER_MAX;
    }

    private static @Nullable String snapshot(Message.InstallSnapshot message) {
        if (message.snapshot().isEmpty()) {
            return "empty snapshot";
        }
        ConfState confState = message.snapshot().confState();
        return confState.voters().isEmpty()
                ? "snapshot without voters"
                : id(message.snapshot().id());
    }

    private static @Nullable String entries(Message.AppendRequest message) {
        String flaw = id(message.previous());
        if (flaw != null) {
            return flaw;
        }
        List<Entry> entries = message.entries();
        long term = message.previous().term();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.index() != message.previous().index() + 1 + i) {
                return "entries not consecutive";
            }
            if (entry.term() < term || entry.term() > message.term()) {
                return "entry of a term out of order";
            }
            term = entry.term();
        }
        return null;
    }
}
