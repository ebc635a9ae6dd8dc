// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import io.jangada.wal.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;

/** The durable log of all groups of a member. Belongs to one thread, the WAL loop. */
@SuppressWarnings("DoNotCallSuggester")
public final class Wal implements Closeable {
    private Wal() {}

    /** Opens as below, and prepares segments in the calling thread. */
    public static WalRecovery open(Disk disk, Path directory, WalConfig config,
            WalIdentity identity)
            throws IOException {
        return open(disk, directory, config, identity, Runnable::run);
    }

    /**
     * Opens the log in {@code directory}, or begins one.
     *
     * @param background runs the allocation of the next segment, off the calling thread if it can
     */
    public static WalRecovery open(Disk disk, Path directory, WalConfig config,
            WalIdentity identity,
            Executor background) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Buffers entries and a hard state; the entries replace what the group has from the first one's
     * index on.
     *
     * @param hardState {@link HardState#EMPTY} if it has not changed
     */
    public void append(long group, HardState hardState, List<Entry> entries) throws WalException {
        throw new UnsupportedOperationException();
    }

    /** Buffers a mark; entries up to it are not recovered any more. */
    public void mark(long group, SnapshotMark mark) throws WalException {
        throw new UnsupportedOperationException();
    }

    /** Makes all that is buffered durable, with one write and one force. */
    public void force() throws WalException {
        throw new UnsupportedOperationException();
    }

    /** Deletes the segments that no group needs, where {@code group} needs nothing up to {@code index}. */
    public void purge(long group, long index) throws WalException {
        throw new UnsupportedOperationException();
    }

    /** Gives the directory up. What is buffered and not forced is dropped. */
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
