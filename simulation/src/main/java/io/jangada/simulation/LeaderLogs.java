// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The logs of all leaders, as far as they have sent them: a leader changes nothing in its own, the same entry has the
 * same before it in each, what is committed is in those of all later leaders, and none has two changes of membership that
 * are not applied (Raft thesis 3.2: leader append-only, log matching, leader completeness; 4.1).
 */
final class LeaderLogs {
    /** What an entry is, and which one comes before it. */
    private record Place(EntryId before, int data, boolean changesMembers) {}

    /** Of which term an entry is, and of which one the leader was, at the latest, that has committed it. */
    private record Committed(long term, long by) {}

    private final Map<EntryId, Place> places = new HashMap<>();
    /** By the leader's term: by index, the term of the entry. */
    private final Map<Long, Map<Long, Long>> logs = new HashMap<>();
    /** By index, what is committed. */
    private final Map<Long, Committed> committed = new HashMap<>();

    /**
     * A leader sends this.
     *
     * @param applied how much the leader has applied, at least when it took the last of these entries
     */
    void sent(Message.AppendRequest append, long applied) {
        holds(append.term(), append.previous());
        EntryId before = append.previous();
        for (Entry entry : append.entries()) {
            holds(append.term(), entry.id());
            follows(entry, before, append.term(), applied);
            before = entry.id();
        }
    }

    /** The leader of {@code term} has {@code id} in its log. */
    private void holds(long term, EntryId id) {
        Long before = logs.computeIfAbsent(term, ignored -> new HashMap<>()).put(id.index(),
                id.term());
        if (before != null && before != id.term()) {
            throw new Violation("leaders only append", "the leader of term " + term + " had "
                    + new EntryId(before, id.index()) + ", and has " + id);
        }
        Committed settled = committed.get(id.index());
        if (settled != null) {
            compare(term, id, settled);
        }
    }

    private static void compare(long term, EntryId id, Committed settled) {
        if (term > settled.by() && id.term() != settled.term()) {
            throw new Violation("leaders have what is committed", "the leader of term " + term
                    + " has " + id + ", where an entry of term " + settled.term()
                    + " was committed in term " + settled.by());
        }
    }

    private void follows(Entry entry, EntryId before, long term, long applied) {
        Place place = new Place(before, entry.data().hashCode(),
                entry.type() != EntryType.NORMAL);
        Place known = places.putIfAbsent(entry.id(), place);
        if (known == null && place.changesMembers() && entry.term() == term) {
            changesAlone(entry.id(), before, applied);
        } else if (known != null && !known.equals(place)) {
            throw new Violation("logs match", "entry " + entry.id() + " is " + place
                    + " to the leader of term " + term + ", and was " + known);
        }
    }

    private void changesAlone(EntryId change, EntryId before, long applied) {
        EntryId one = before;
        while (one.index() > applied) {
            Place place = places.get(one);
            if (place == null) {
                return;
            }
            if (place.changesMembers()) {
                throw new Violation("one change of members at a time", "with " + applied
                        + " applied, " + change + " changes them, and so does " + one);
            }
            one = place.before();
        }
    }

    /** Some member, which was in {@code term} already, has applied {@code id}. */
    void applied(EntryId id, long term) {
        Committed settled = new Committed(id.term(), term);
        if (committed.putIfAbsent(id.index(), settled) != null) {
            return; // That it is the same each time is looked at elsewhere.
        }
        logs.forEach((leader, log) -> {
            Long there = log.get(id.index());
            if (there != null) {
                compare(leader, new EntryId(there, id.index()), settled);
            }
        });
    }

    /** The term of the entry at {@code index} in the log of the leader of {@code term}; null if that was never sent. */
    @Nullable
    Long termAt(long term, long index) {
        Map<Long, Long> log = logs.get(term);
        return log == null ? null : log.get(index);
    }

    /**
     * Where a log is not one that leaders have sent.
     *
     * @param begin what it begins behind
     * @return those neighbours of which the second one has another one before it; empty if there are none
     */
    List<EntryId> mismatch(EntryId begin, List<EntryId> log) {
        EntryId before = begin;
        for (EntryId id : log) {
            Place place = places.get(id);
            if (id.term() < before.term() || (place != null && !place.before().equals(before))) {
                return new ArrayList<>(List.of(before, id));
            }
            before = id;
        }
        return List.of();
    }
}
