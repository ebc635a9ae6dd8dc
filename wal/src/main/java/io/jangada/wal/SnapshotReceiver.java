// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.EntryId;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A snapshot file that arrives from another member, raw bytes piece by piece, and is verified as a whole
 * before anybody sees it. Closing aborts what is not committed. For one thread.
 */
public final class SnapshotReceiver implements AutoCloseable {
    private final SnapshotStore store;
    private final SnapshotTemporary temporary;
    private final long group;
    private final EntryId id;

    SnapshotReceiver(SnapshotStore store, SnapshotTemporary temporary, long group, EntryId id) {
        this.store = store;
        this.temporary = temporary;
        this.group = group;
        this.id = id;
    }

    /** How many bytes have been written: where a broken transfer goes on. */
    public long bytes() {
        return temporary.bytes();
    }

    /** Appends all that remains in {@code source}. */
    public void write(ByteBuffer source) throws IOException {
        temporary.append(source);
    }

    /**
     * Verifies every byte, makes the file durable and gives it its name.
     *
     * @throws SnapshotDamagedException if it is damaged, not whole, or not the snapshot that was
     *     announced; it has been deleted then
     * @throws WalIdentityException if it is another cluster's; it has been deleted then
     */
    public SnapshotFile commit() throws IOException {
        temporary.checkOpen();
        boolean good = false;
        try {
            SnapshotHeader header = SnapshotInput.verify(temporary.file(), temporary.path());
            store.checkOwner(header, temporary.path());
            if (header.group() != group || !header.id().equals(id)) {
                throw new SnapshotDamagedException(temporary.path(), 0,
                        "it is of group " + header.group() + " at " + header.id()
                                + ", announced was group "
                                + group + " at " + id);
            }
            SnapshotFile file = store.commit(temporary, header);
            good = true;
            return file;
        } finally {
            if (!good) {
                temporary.abort();
            }
        }
    }

    /** Deletes what was received; does nothing after commit or abort. */
    public void abort() throws IOException {
        temporary.abort();
    }

    @Override
    public void close() throws IOException {
        abort();
    }
}
