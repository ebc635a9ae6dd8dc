// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a leader takes into its log: commands within the limit of what is uncommitted, changes of
 * membership one at a time (Raft thesis 3.5, 4.1). Owned by the core's thread.
 */
final class Proposals {
    private final Raft raft;
    private long uncommittedBytes;

    /**
     * No change of membership is proposed while one may be in the log beyond what is applied (Raft
     * thesis 4.1): the highest index at which there may be one. At the start that is the last index: a
     * new leader does not look what its log holds.
     */
    private long pendingConfIndex;

    Proposals(Raft raft) {
        this.raft = raft;
        pendingConfIndex = raft.log().lastIndex();
    }

    long pendingConfIndex() {
        return pendingConfIndex;
    }

    long uncommittedBytes() {
        return uncommittedBytes;
    }

    /** Takes {@code proposal} into the log, or not; sends nothing. */
    ProposeOutcome take(Message.Propose proposal) {
        List<Entry> entries = proposal.entries();
        if (raft.membership().hasConfChange(entries)) {
            if (!raft.membership().canDecode(entries)) {
                return new ProposeOutcome.Dropped(DropReason.MALFORMED, raft.id());
            }
            entries = withConfChangesChecked(entries);
        }
        return append(entries)
                ? new ProposeOutcome.Appended(raft.log().last())
                : new ProposeOutcome.Dropped(DropReason.UNCOMMITTED_LIMIT, raft.id());
    }

    /** With an empty entry in place of each change that cannot be made now. */
    private List<Entry> withConfChangesChecked(List<Entry> entries) {
        var checked = new ArrayList<Entry>(entries.size());
        for (Entry entry : entries) {
            checked.add(entry.type() == EntryType.NORMAL
                    ? entry
                    : withConfChangeChecked(entry, raft.log().lastIndex() + checked.size() + 1));
        }
        return checked;
    }

    private Entry withConfChangeChecked(Entry entry, long index) {
        ConfChange change = raft.membership().decode(entry).orElseThrow();
        Optional<ConfChangeRefusal> refusal = raft.membership().refusal(change, pendingConfIndex);
        if (refusal.isPresent() && raft.config().validateConfChanges()) {
            raft.tracer().confChangeRefused(change, raft.tracker().config(), refusal.get());
            return Entry.proposed(EntryType.NORMAL, Bytes.EMPTY);
        }
        pendingConfIndex = index;
        return entry;
    }

    /**
     * Gives {@code entries} their place in the log. They count as acknowledged by this member once
     * they are durable, like at any other.
     *
     * @return false if there are too many uncommitted bytes
     */
    boolean append(List<Entry> entries) {
        long bytes = Replicator.payloadBytes(entries);
        if (!takeUncommitted(bytes)) {
            raft.tracer().uncommittedLimitReached();
            return false;
        }
        var placed = new ArrayList<Entry>(entries.size());
        long index = raft.log().lastIndex();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            index++;
            placed.add(new Entry(raft.term(), index, entry.type(), entry.data()));
        }
        raft.log().append(placed);
        raft.outbox().sendAfterAppend(
                new Message.AppendResponse(raft.id(), raft.id(), raft.term(), index));
        return true;
    }

    /**
     * A first proposal of any size is taken, or it could never be; one without payload always: new
     * leaders and changes of membership must not get stuck.
     */
    private boolean takeUncommitted(long bytes) {
        long max = raft.config().maxUncommittedBytes();
        if (max > 0 && bytes > 0 && uncommittedBytes > 0 && uncommittedBytes + bytes > max) {
            return false;
        }
        uncommittedBytes += bytes;
        return true;
    }

    /** Entries with {@code bytes} of payload are applied; some may have come from earlier leaders. */
    void release(long bytes) {
        uncommittedBytes = Math.max(0, uncommittedBytes - bytes);
    }
}
