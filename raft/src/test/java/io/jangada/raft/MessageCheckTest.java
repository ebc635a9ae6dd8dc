// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with a message is named; what is at a bound is not wrong. */
class MessageCheckTest {
    private static final long NUMBER_MAX = Long.MAX_VALUE / 4;

    private static Message append(long term, EntryId previous, Entry... entries) {
        return new Message.AppendRequest(2, 1, term, previous, List.of(entries), 0);
    }

    private static Entry entry(long term, long index) {
        return TestNode.entries(index, term).getFirst();
    }

    private static Message snapshot(EntryId id, ConfState confState) {
        return new Message.InstallSnapshot(2, 1, 1, new Snapshot(id, confState, Bytes.EMPTY));
    }

    private static void flawed(String flaw, Message... messages) {
        for (Message message : messages) {
            assertThat(MessageCheck.flaw(message, 1)).as("%s", message).isEqualTo(flaw);
        }
    }

    @Test
    void flawsAreNamed() {
        flawed("no sender", new Message.Heartbeat(0, 1, 1, 0, 0));
        flawed("addressed to another member", new Message.Heartbeat(2, 3, 1, 0, 0));
        flawed("from this member itself", new Message.Heartbeat(1, 1, 1, 0, 0),
                new Message.VoteRequest(1, 1, 1, EntryId.ZERO, false));
        flawed("proposal without entries", new Message.Propose(2, 1, List.of()));
        flawed("empty snapshot", new Message.InstallSnapshot(2, 1, 1, Snapshot.EMPTY));
        flawed("snapshot without voters", snapshot(new EntryId(1, 1), ConfState.EMPTY));
        flawed("entries not consecutive", append(1, EntryId.ZERO, entry(1, 2)),
                append(1, EntryId.ZERO, entry(1, 1), entry(1, 3)));
        flawed("entry of a term out of order", append(1, EntryId.ZERO, entry(2, 1)),
                append(3, new EntryId(2, 1), entry(1, 2)),
                append(3, EntryId.ZERO, entry(2, 1), entry(1, 2)));
    }

    @Test
    void numbersHaveBounds() {
        for (long bad : new long[]{-1, NUMBER_MAX + 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            flawed("number out of range", new Message.TimeoutNow(2, 1, bad),
                    new Message.AppendResponse(2, 1, 1, bad),
                    new Message.AppendReject(2, 1, 1, bad, EntryId.ZERO),
                    new Message.HeartbeatResponse(2, 1, 1, bad),
                    new Message.Heartbeat(2, 1, 1, bad, 0), new Message.Heartbeat(2, 1, 1, 0, bad),
                    new Message.ReadIndexResponse(2, 1, 1, bad, Bytes.EMPTY),
                    new Message.AppendRequest(2, 1, 1, EntryId.ZERO, List.of(), bad));
        }
    }

    @Test
    void whatIsWellFormedHasNoFlaw() {
        for (Message message : List.of(new Message.TimeoutNow(2, 1, NUMBER_MAX),
                new Message.AppendResponse(1, 1, 1, NUMBER_MAX),
                new Message.Heartbeat(2, 0, 1, NUMBER_MAX, NUMBER_MAX),
                append(3, new EntryId(2, 1), entry(2, 2), entry(3, 3)),
                snapshot(new EntryId(1, 1), TestNode.voters(1)))) {
            assertThat(MessageCheck.flaw(message, 1)).as("%s", message).isNull();
        }
    }
}
