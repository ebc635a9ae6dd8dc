// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.wal.Wal;
import io.jangada.wal.WalConfig;
import io.jangada.wal.WalIdentity;
import io.jangada.wal.WalRecovery;
import io.jangada.wal.disk.MemoryDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a member's log holds while its process is down. Immutable.
 *
 * @param hardState the last one
 * @param begin what the log begins behind
 * @param entries those behind it
 */
record DurableLog(HardState hardState, EntryId begin, List<EntryId> entries) {

    private static final DurableLog EMPTY = new DurableLog(HardState.EMPTY, EntryId.ZERO,
            List.of());

    DurableLog {
        entries = List.copyOf(entries);
    }

    /** What {@code directory} holds, which may change; empty if the log is damaged or cannot be read. */
    static Optional<DurableLog> read(MemoryDisk disk, Path directory, WalConfig config,
            WalIdentity identity, long group) {
        try {
            WalRecovery found = Wal.open(disk, directory, config, identity);
            found.wal().close();
            return Optional.of(found.group(group).map(DurableLog::of).orElse(EMPTY));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** A snapshot may have replaced a log that went on in an earlier term. */
    private static DurableLog of(WalRecovery.Group found) {
        List<Entry> entries = found.entries();
        boolean ends = !entries.isEmpty()
                && entries.getFirst().term() < found.mark().id().term();
        return new DurableLog(found.hardState(), found.mark().id(),
                ends ? List.of() : entries.stream().map(Entry::id).toList());
    }

    /** The last entry, or what the log begins behind. */
    EntryId last() {
        return entries.isEmpty() ? begin : entries.getLast();
    }

    /** Whether it is that of a member that has never been one. */
    boolean isEmpty() {
        return equals(EMPTY);
    }

    /** Whether all up to {@code index} is here, with an entry of {@code term} there, if that is known. */
    boolean has(long index, @Nullable Long term) {
        long position = index - begin.index() - 1;
        return position < 0 || (position < entries.size()
                && (term == null || entries.get((int) position).term() == term));
    }

    /** Whether this lacks what was acknowledged in the term of {@code promised} up to its index. */
    boolean lacks(EntryId promised) {
        EntryId last = last();
        return hardState.term() < promised.term()
                || (last.term() <= promised.term() && last.index() < promised.index());
    }
}
