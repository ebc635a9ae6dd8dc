// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the records of one group add up to, in the order in which they were written. */
final class GroupReplay {
    private final long group;
    private HardState hardState = HardState.EMPTY;
    private SnapshotMark mark = SnapshotMark.NONE;
    private final List<Entry> entries = new ArrayList<>();
    private long purgedTo;

    GroupReplay(long group) {
        this.group = group;
    }

    void hardState(HardState state) {
        hardState = state;
    }

    /** What lies up to {@code index} was in segments that are gone: a mark must cover it. */
    void purgedTo(long index) {
        purgedTo = index;
    }

    /**
     * An entry, which replaces what is there from its index on. It may leave a gap: the segments behind
     * the last mark are purged, and that mark may still come.
     */
    void entry(Entry entry) {
        if (entry.index() <= mark.index()) {
            return;
        }
        if (!entries.isEmpty()) {
            long keep = entry.index() - entries.getFirst().index();
            if (keep < 0 || keep > entries.size()) {
                entries.clear();
            } else {
                entries.subList((int) keep, entries.size()).clear();
            }
        }
        entries.add(entry);
    }

    /**
     * A mark. Where the log has the entry that it names, the log goes on after it; where the log ends
     * before, or has another entry there, the snapshot has replaced the log.
     */
    void mark(SnapshotMark next) {
        if (next.index() < mark.index()) {
            return;
        }
        mark = next;
        if (entries.isEmpty() || next.index() < entries.getFirst().index()) {
            return;
        }
        long position = next.index() - entries.getFirst().index();
        if (position >= entries.size()
                || entries.get((int) position).term() != next.id().term()) {
            entries.clear();
        } else {
            entries.subList(0, (int) position + 1).clear();
        }
    }

    /** The group begins anew; its hard state is that of the record which follows. */
    void reset() {
        mark = SnapshotMark.NONE;
        entries.clear();
        purgedTo = 0;
    }

    WalRecovery.Group finish(Path last, long end) throws WalCorruptException {
        if (mark.index() < purgedTo) {
            throw new WalCorruptException(last, end, "group " + group + " lacks entries up to "
                    + purgedTo + ": segments before the first one are missing");
        }
        if (!entries.isEmpty() && entries.getFirst().index() != mark.index() + 1) {
            throw new WalCorruptException(last, end, "group " + group + " lacks entries "
                    + (mark.index() + 1) + " to " + (entries.getFirst().index() - 1));
        }
        var found = new WalRecovery.Group(group, hardState, mark, entries);
        if (hardState.commit() > found.lastIndex()) {
            throw new WalCorruptException(last, end, "group " + group + " had committed "
                    + hardState.commit() + ", but its log ends at " + found.lastIndex());
        }
        return found;
    }
}
