// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.wal.Wal;
import io.jangada.wal.WalConfig;
import io.jangada.wal.WalIdentity;
import io.jangada.wal.WalRecovery;
import io.jangada.wal.disk.MemoryDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a member's log holds while its process is down. Immutable.
 *
 * @param hardState the last one
 * @param last the last entry, or what the log begins behind
 */
record DurableLog(HardState hardState, EntryId last) {

    /** What {@code directory} holds, read from a copy of the disk; empty if the log is damaged or cannot be read. */
    static Optional<DurableLog> read(MemoryDisk disk, Path directory, WalConfig config,
            WalIdentity identity, long group) {
        try {
            WalRecovery found = Wal.open(disk.copy(), directory, config, identity);
            found.wal().close();
            return Optional.of(found.group(group).map(DurableLog::of)
                    .orElse(new DurableLog(HardState.EMPTY, EntryId.ZERO)));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static DurableLog of(WalRecovery.Group found) {
        boolean ends = found.entries().isEmpty()
                || found.entries().getFirst().term() < found.mark().id().term();
        return new DurableLog(found.hardState(),
                ends ? found.mark().id() : found.entries().getLast().id());
    }
}
