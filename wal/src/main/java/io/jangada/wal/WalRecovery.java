// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import java.util.List;
import java.util.Optional;

/**
 * What opening a log gave. Immutable, but for the log itself.
 *
 * @param wal the log, ready for appending, with all of {@code groups} durable in it
 * @param groups what each group left, by ascending group
 * @param cutBytes how much of a tail that was never acknowledged has been cut; 0 after a clean stop
 * @param isNew whether there was no log, and one was begun
 */
public record WalRecovery(Wal wal, List<Group> groups, long cutBytes, boolean isNew) {

    /**
     * What one group left.
     *
     * @param group the group
     * @param hardState the last one; {@link HardState#EMPTY} if none was ever saved
     * @param mark the last one; {@link SnapshotMark#NONE} if there was never any
     * @param entries the entries after the mark, consecutive
     */
    public record Group(long group, HardState hardState, SnapshotMark mark, List<Entry> entries) {
        public Group {
            entries = List.copyOf(entries);
        }

        /** The index of the last entry, or of the mark if there are no entries after it. */
        public long lastIndex() {
            return mark.index() + entries.size();
        }
    }

    public WalRecovery {
        groups = List.copyOf(groups);
    }

    /** What {@code group} left; empty if the log has never heard of it. */
    public Optional<Group> group(long group) {
        return groups.stream().filter(one -> one.group() == group).findFirst();
    }
}
