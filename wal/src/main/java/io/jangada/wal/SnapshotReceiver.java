// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.EntryId;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A snapshot file that arrives from another member, raw bytes piece by piece: each chunk is verified when
 * it comes, and the file as a whole before anybody sees it. Where the transfer breaks, it can be suspended,
 * and resumed where the verified chunks end. Closing aborts what is not committed. For one thread at a time.
 */
public final class SnapshotReceiver implements AutoCloseable {
    private final SnapshotStore store;
    private final SnapshotTemporary temporary;
    private final long group;
    private final EntryId id;
    private final SnapshotScan scan;

    SnapshotReceiver(SnapshotStore store, SnapshotTemporary temporary, long group, EntryId id) {
        this.store = store;
        this.temporary = temporary;
        this.group = group;
        this.id = id;
        this.scan = new SnapshotScan(temporary.path());
    }

    /** How many bytes have been written: where what comes next belongs. */
    public long bytes() {
        return temporary.bytes();
    }

    /**
     * Appends all that remains in {@code source}.
     *
     * @throws SnapshotDamagedException if a chunk that ends in it is not what its writer wrote; what was
     *     verified before stays good
     */
    public void write(ByteBuffer source) throws IOException {
        ByteBuffer written = source.duplicate();
        temporary.append(source);
        scan.accept(written);
    }

    /** The rest does not come now: lets go of the file, but does not delete it. */
    public void suspend() throws IOException {
        temporary.suspend();
    }

    /** Goes on after {@link #suspend}, at the end of the chunks that are verified: see {@link #bytes}. */
    public void resume() throws IOException {
        scan.rewind();
        temporary.resume(scan.verifiedBytes());
    }

    /**
     * Verifies every byte, makes the file durable and gives it its name; it is kept until {@link SnapshotStore#release}.
     *
     * @throws SnapshotDamagedException if it is damaged, not whole, or not the snapshot that was
     *     announced; it has been deleted then
     * @throws WalIdentityException if it is another cluster's; it has been deleted then
     */
    public SnapshotFile commit() throws IOException {
        temporary.checkOpen();
        boolean good = false;
        try {
            SnapshotInput.Verified whole = SnapshotInput.verify(temporary.file(),
                    temporary.path());
            SnapshotHeader header = whole.header();
            store.checkOwner(header, temporary.path());
            if (header.group() != group || !header.id().equals(id)) {
                throw new SnapshotDamagedException(temporary.path(), 0,
                        "it is of group " + header.group() + " at " + header.id()
                                + ", announced was group "
                                + group + " at " + id);
            }
            SnapshotFile file = store.commitReceived(temporary, header, whole.contentId());
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
