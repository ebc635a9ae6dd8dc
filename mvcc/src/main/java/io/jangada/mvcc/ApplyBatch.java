// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Overlay;
import io.jangada.mvcc.backend.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one apply batch: any number of transactions, and what the owner remembers with
 * them, that become visible and durable together.
 *
 * <p>Owned by the apply loop. It ends by {@link #commit} or {@link #abort} and is dead then. At most
 * one transaction is open at a time.
 */
public final class ApplyBatch {
    private final MvccStore store;
    private final Batch pending = new Batch();
    private final Overlay reader;
    private final List<RevisionEvents> changes = new ArrayList<>();
    private long revision;
    private long compactRevision;
    private @Nullable WriteTxn open;
    private boolean ended;

    ApplyBatch(MvccStore store, Reads base) {
        this.store = store;
        this.reader = new Overlay(pending, base.reader());
        this.revision = base.revision();
        this.compactRevision = base.compactRevision();
    }

    /** The revision after the transactions committed so far. */
    public long revision() {
        return revision;
    }

    /** The revision up to which history is compacted, by this batch or before; -1 if never. */
    public long compactRevision() {
        return compactRevision;
    }

    /** Begins a transaction; it sees what earlier ones of this batch did. */
    public WriteTxn begin() {
        checkIdle();
        WriteTxn txn = new WriteTxn(this, new Reads(reader, revision, compactRevision));
        open = txn;
        return txn;
    }

    /**
     * Gives up history before {@code upToRevision}. What it frees goes in later
     * {@linkplain MvccStore#compactStep steps}.
     *
     * @throws CompactedException if that much is compacted already
     * @throws FutureRevisionException if the revision has not happened
     */
    public void compact(long upToRevision) {
        checkIdle();
        if (upToRevision <= compactRevision) {
            throw new CompactedException(upToRevision, compactRevision);
        }
        if (upToRevision > revision) {
            throw new FutureRevisionException(upToRevision, revision);
        }
        compactRevision = upToRevision;
        pending.put(Table.META, Rows.COMPACT_REVISION, Rows.number(upToRevision));
    }

    /** Remembers {@code value} under {@code name}, for the owner: applied index, members, auth. */
    public void putMeta(ByteString name, ByteString value) {
        checkLive();
        pending.put(Table.META, Rows.ownerMeta(name), value);
    }

    /** Forgets {@code name}. */
    public void deleteMeta(ByteString name) {
        checkLive();
        pending.delete(Table.META, Rows.ownerMeta(name));
    }

    /** What the owner remembers under {@code name}, this batch included. */
    public Optional<ByteString> meta(ByteString name) {
        return reads().meta(name);
    }

    /** What the owner remembers under names that start with {@code prefix}, this batch included. */
    public NavigableMap<ByteString, ByteString> metaByPrefix(ByteString prefix) {
        return reads().metaByPrefix(prefix);
    }

    /** The keys attached to the lease {@code id}, ascending, this batch included. */
    public List<ByteString> leaseKeys(long id) {
        return reads().leaseKeys(id);
    }

    /**
     * Makes everything visible, atomically, and tells the store's listener.
     *
     * @return the store's revision
     */
    public long commit() {
        checkIdle();
        ended = true;
        if (!changes.isEmpty()) {
            pending.put(Table.META, Rows.REVISION, Rows.number(revision));
        }
        store.commit(pending, changes, new Reads(reader, revision, compactRevision));
        return revision;
    }

    /** Drops everything. */
    public void abort() {
        checkLive();
        ended = true;
        store.aborted();
    }

    void committed(Batch txnChanges, List<Event> events, long txnRevision) {
        pending.add(txnChanges);
        if (!events.isEmpty()) {
            revision = txnRevision;
            changes.add(new RevisionEvents(txnRevision, events));
        }
        open = null;
    }

    void rolledBack() {
        open = null;
    }

    private Reads reads() {
        checkLive();
        return new Reads(reader, revision, compactRevision);
    }

    private void checkLive() {
        if (ended) {
            throw new IllegalStateException("batch has ended");
        }
    }

    private void checkIdle() {
        checkLive();
        if (open != null) {
            throw new IllegalStateException("a transaction is open");
        }
    }
}
