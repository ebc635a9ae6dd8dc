// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Overlay;
import io.jangada.mvcc.backend.Table;
import java.util.Optional;

/**
 * Fills a store with the changes, leases and notes of another one, which may be etcd's, as
 * {@link ReadView#history} tells them. Made by {@link MvccStore#importHistory}, which emptied the store.
 *
 * <p>The same calls give the same store, row by row. Chains begin with the first change that is told of
 * their key, and never anew, so that a compaction that was not finished there can be finished here.
 *
 * <p>Belongs to the apply loop, or to the one thread that has the store. Ends by {@link #finish}; a store
 * whose import did not end opens empty.
 */
public final class HistoryImport {
    private static final int BATCH_BYTES = 4 << 20;
    private static final int REVISION_BYTES = 17;
    private static final int SEPARATOR_AT = Long.BYTES;
    private static final long NEVER = -1;

    private final MvccStore store;
    private final Backend backend;
    private BackendSnapshot written;
    private Batch pending = new Batch();
    private ChangeId last = ChangeId.NONE;
    private boolean ended;

    HistoryImport(MvccStore store, Backend backend) {
        this.store = store;
        this.backend = backend;
        this.written = backend.snapshot();
    }

    /** The revision of the last change, 0 before the first. */
    public long lastRevision() {
        return last.main();
    }

    /**
     * Adds a change, which comes after all before it. One with an empty {@code keyValue} or an empty key
     * changes nothing but the revision: by such ones revisions are skipped.
     *
     * @param revision as in {@link HistoryVisitor}
     * @param keyValue as in {@link HistoryVisitor}
     * @throws MalformedHistoryException if it is not such a change
     */
    public void change(ByteString revision, ByteString keyValue)
            throws MalformedHistoryException {
        checkLive();
        ChangeId id = id(revision);
        KeyValue changed = keyValue(id, keyValue);
        last = id;
        ByteString key = changed.key();
        if (key.isEmpty()) {
            return;
        }
        Optional<Version> latest = reads().current(key);
        Link link = latest.map(version -> version.link().next(id, NEVER))
                .orElseGet(() -> Link.first(id));
        ByteString row = Version.encode(link, changed);
        pending.put(Table.CURRENT, key, row);
        pending.put(Table.HISTORY, id.row(), row);
        if (link.isMilestone()) {
            pending.put(Table.INDEX, Rows.milestone(Rows.indexOf(key), id.main(), id.sub()),
                    Rows.milestoneValue(id.type()));
        }
        attach(key, latest.filter(Version::isPut).map(before -> before.keyValue().lease())
                .orElse(0L), changed.lease());
        flushIfFull();
    }

    private ChangeId id(ByteString revision) throws MalformedHistoryException {
        boolean isPut = revision.size() == REVISION_BYTES;
        boolean isTombstone = revision.size() == REVISION_BYTES + 1
                && revision.byteAt(REVISION_BYTES) == 't';
        if ((!isPut && !isTombstone) || revision.byteAt(SEPARATOR_AT) != '_') {
            throw new MalformedHistoryException("a revision of " + revision.size() + " bytes");
        }
        long main = Rows.number(revision);
        long sub = Rows.number(revision.substring(SEPARATOR_AT + 1));
        if (main < 1 || sub < 0 || sub > Integer.MAX_VALUE) {
            throw new MalformedHistoryException("a change at " + main + ", " + sub);
        }
        ChangeId id = new ChangeId(main, sub, isPut ? EventType.PUT : EventType.DELETE);
        if (!last.isBefore(id)) {
            throw new MalformedHistoryException(id + " comes after " + last);
        }
        return id;
    }

    private static KeyValue keyValue(ChangeId id, ByteString encoded)
            throws MalformedHistoryException {
        KeyValue found;
        try {
            found = KeyValue.decode(encoded);
        } catch (CorruptStoreException malformed) {
            throw new MalformedHistoryException(id + " has no key-value", malformed);
        }
        if (found.key().isEmpty() && !encoded.isEmpty()) {
            throw new MalformedHistoryException(id + " has no key");
        }
        boolean fits = !id.isPut() || encoded.isEmpty()
                || (found.modRevision() == id.main() && found.version() >= 1
                        && found.createRevision() >= 1
                        && found.createRevision() <= found.modRevision());
        if (!fits) {
            throw new MalformedHistoryException(id + " has a key-value of revisions "
                    + found.createRevision() + " and " + found.modRevision() + ", version "
                    + found.version());
        }
        return id.isPut() ? found : KeyValue.deleted(found.key(), id.main());
    }

    private void attach(ByteString key, long leaseBefore, long leaseAfter) {
        if (leaseBefore != 0 && leaseBefore != leaseAfter) {
            pending.delete(Table.LEASE_KEYS, Rows.leaseKey(leaseBefore, key));
        }
        if (leaseAfter != 0 && leaseBefore != leaseAfter) {
            pending.put(Table.LEASE_KEYS, Rows.leaseKey(leaseAfter, key), ByteString.EMPTY);
        }
    }

    /**
     * Adds a lease; the keys attached to it are known from their changes.
     *
     * @throws IllegalArgumentException if its id is 0
     */
    public void lease(Lease lease) {
        checkLive();
        if (lease.id() == 0) {
            throw new IllegalArgumentException("lease id 0");
        }
        pending.put(Table.LEASE, Rows.number(lease.id()), lease.encode());
        flushIfFull();
    }

    /** Remembers {@code value} under {@code name}, for the owner. */
    public void putMeta(ByteString name, ByteString value) {
        checkLive();
        pending.put(Table.META, Rows.ownerMeta(name), value);
        flushIfFull();
    }

    private Reads reads() {
        return new Reads(new Overlay(pending, written), last.main(), NEVER);
    }

    private void flushIfFull() {
        if (pending.bytes() >= BATCH_BYTES) {
            flush();
        }
    }

    private void flush() {
        written.close();
        backend.write(pending);
        pending = new Batch();
        written = backend.snapshot();
    }

    /**
     * Ends it: the store is durable, and can be used.
     *
     * @param revision the store's, at least {@link #lastRevision}
     * @param compactRevision up to which history is given up, at most {@code revision}; -1 for nothing
     * @param finishedCompactRevision up to which the changes that were given up have not been told; at most
     *     {@code compactRevision}; -1 for none
     * @throws IllegalArgumentException if these numbers are not so
     */
    public void finish(long revision, long compactRevision, long finishedCompactRevision) {
        checkLive();
        if (revision < Math.max(1, last.main()) || compactRevision > revision
                || finishedCompactRevision > compactRevision || finishedCompactRevision < NEVER) {
            throw new IllegalArgumentException("revision " + revision + " after "
                    + last.main() + ", compacted at " + compactRevision + ", finished at "
                    + finishedCompactRevision);
        }
        ended = true;
        flush();
        dropStrayLeaseKeys();
        pending.put(Table.META, Rows.REVISION, Rows.number(revision));
        if (compactRevision > 0) {
            pending.put(Table.META, Rows.COMPACT_REVISION, Rows.number(compactRevision));
        }
        if (finishedCompactRevision > 0) {
            pending.put(Table.META, Rows.FINISHED_COMPACT_REVISION,
                    Rows.number(finishedCompactRevision));
        }
        flush();
        written.close();
        store.replaced();
    }

    /** A key may name a lease that has ended without it, as etcd's leader may have been replaced meanwhile. */
    private void dropStrayLeaseKeys() {
        try (Cursor rows = written.cursor(Table.LEASE_KEYS, ByteString.EMPTY,
                ByteString.EMPTY)) {
            for (; rows.isValid(); rows.next()) {
                ByteString lease = Rows.number(Rows.number(rows.key()));
                if (written.get(Table.LEASE, lease).isEmpty()) {
                    pending.delete(Table.LEASE_KEYS, rows.key());
                }
            }
        }
    }

    private void checkLive() {
        if (ended) {
            throw new IllegalStateException("the import has ended");
        }
    }
}
