// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.BackendReader;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Overlay;
import io.jangada.mvcc.backend.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transaction: reads that see its own writes, and writes that take one revision together.
 *
 * <p>Owned by the apply loop. It ends by {@link #commit} or {@link #rollback} and is dead then. A
 * refused call changes nothing, so that the caller may go on.
 */
public final class WriteTxn {
    private final ApplyBatch batch;
    private final Batch changes = new Batch();
    private final BackendReader reader;
    private final long beginRevision;
    private final long compactRevision;
    private final List<Event> events = new ArrayList<>();
    private boolean ended;

    WriteTxn(ApplyBatch batch, Reads base) {
        this.batch = batch;
        this.reader = new Overlay(changes, base.reader());
        this.beginRevision = base.revision();
        this.compactRevision = base.compactRevision();
    }

    /** The revision before this transaction. */
    public long beginRevision() {
        return beginRevision;
    }

    /** The revision as of now: one more than at the beginning once a key has changed. */
    public long revision() {
        return events.isEmpty() ? beginRevision : beginRevision + 1;
    }

    /**
     * The key-values in {@code range}, by ascending key, own writes included.
     *
     * @throws CompactedException if the revision asked for is less than the compact revision
     * @throws FutureRevisionException if the revision asked for has not happened
     */
    public RangeResult range(KeyRange range, RangeOptions options) {
        return reads().range(range, options);
    }

    /** The latest key-value of {@code key}, own writes included. */
    public Optional<KeyValue> get(ByteString key) {
        return reads().latest(key);
    }

    /**
     * Puts {@code value} under {@code key}, attached to the lease {@code leaseId} or, if that is 0,
     * to none.
     *
     * @return the key-value before, if there was one
     * @throws LeaseNotFoundException if there is no such lease
     * @throws IllegalArgumentException if the key is empty
     */
    public Optional<KeyValue> put(ByteString key, ByteString value, long leaseId) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("empty key");
        }
        if (leaseId != 0) {
            requireLease(leaseId);
        }
        Optional<Version> latest = reads().current(key);
        Optional<KeyValue> previous = latest.filter(Version::isPut).map(Version::keyValue);
        KeyValue before = previous.orElse(null);
        long main = beginRevision + 1;
        KeyValue after = before == null
                ? new KeyValue(key, main, main, 1, value, leaseId)
                : new KeyValue(key, before.createRevision(), main, before.version() + 1, value,
                        leaseId);
        ChangeId change = new ChangeId(main, events.size(), EventType.PUT);
        record(latest.map(version -> version.link().next(change, compactRevision))
                .orElseGet(() -> Link.first(change)),
                new Event(EventType.PUT, after, beforeRevision(latest.map(Version::link), key,
                        before)));
        attach(key, before == null ? 0 : before.lease(), leaseId);
        return previous;
    }

    /**
     * Deletes the keys in {@code range}.
     *
     * @return the key-values before, by ascending key
     */
    public List<KeyValue> deleteRange(KeyRange range) {
        return deleteAll(reads().live(range));
    }

    /**
     * Makes a lease.
     *
     * @throws LeaseExistsException if the id is taken
     * @throws IllegalArgumentException if the id is 0
     */
    public void grantLease(long id, long ttlSeconds) {
        if (id == 0) {
            throw new IllegalArgumentException("lease id 0");
        }
        if (reads().lease(id).isPresent()) {
            throw new LeaseExistsException(id);
        }
        changes.put(Table.LEASE, Rows.number(id), new Lease(id, ttlSeconds, 0).encode());
    }

    /**
     * Remembers how much of a lease was left, for the next leader.
     *
     * @throws LeaseNotFoundException if there is no such lease
     */
    public void checkpointLease(long id, long remainingSeconds) {
        Lease lease = requireLease(id);
        changes.put(Table.LEASE, Rows.number(id),
                new Lease(id, lease.ttlSeconds(), remainingSeconds).encode());
    }

    /**
     * Ends a lease and deletes the keys attached to it, in ascending order.
     *
     * @return the key-values deleted
     * @throws LeaseNotFoundException if there is no such lease
     */
    public List<KeyValue> revokeLease(long id) {
        requireLease(id);
        List<Version> found = new ArrayList<>();
        for (ByteString key : reads().leaseKeys(id)) {
            found.add(reads().current(key).filter(Version::isPut)
                    .orElseThrow(() -> new CorruptStoreException(
                            "lease " + Long.toHexString(id) + " names a key that is not there")));
        }
        List<KeyValue> deleted = deleteAll(found);
        changes.delete(Table.LEASE, Rows.number(id));
        return deleted;
    }

    /** The lease {@code id}, own writes included. */
    public Optional<Lease> lease(long id) {
        return reads().lease(id);
    }

    /** The keys attached to the lease {@code id}, ascending, own writes included. */
    public List<ByteString> leaseKeys(long id) {
        return reads().leaseKeys(id);
    }

    /**
     * Adds the changes to the batch.
     *
     * @return the revision of the batch now, one more than before if a key has changed
     */
    public long commit() {
        long revision = revision();
        end();
        batch.committed(changes, events, revision);
        return revision;
    }

    /** Drops the changes. */
    public void rollback() {
        end();
        batch.rolledBack();
    }

    private List<KeyValue> deleteAll(List<Version> found) {
        List<KeyValue> before = new ArrayList<>(found.size());
        for (Version version : found) {
            KeyValue keyValue = version.keyValue();
            delete(version.link(), keyValue);
            before.add(keyValue);
        }
        return before;
    }

    private void delete(Link latest, KeyValue before) {
        ByteString key = before.key();
        long main = beginRevision + 1;
        record(latest.next(new ChangeId(main, events.size(), EventType.DELETE), compactRevision),
                new Event(EventType.DELETE, KeyValue.deleted(key, main),
                        beforeRevision(Optional.of(latest), key, before)));
        attach(key, before.lease(), 0);
    }

    /* Where a key changes twice, both events tell what was there before this revision, as history does. */
    private @Nullable KeyValue beforeRevision(Optional<Link> latest, ByteString key,
            @Nullable KeyValue before) {
        if (latest.isEmpty() || latest.get().id().main() <= beginRevision) {
            return before;
        }
        for (Event event : events) {
            if (event.keyValue().key().equals(key)) {
                return event.previous().orElse(null);
            }
        }
        return before;
    }

    private void record(Link link, Event event) {
        ChangeId change = link.id();
        ByteString key = event.keyValue().key();
        ByteString row = Version.encode(link, event.keyValue());
        changes.put(Table.CURRENT, key, row);
        changes.put(Table.HISTORY, change.row(), row);
        if (link.isMilestone()) {
            changes.put(Table.INDEX,
                    Rows.milestone(Rows.indexOf(key), change.main(), change.sub()),
                    Rows.milestoneValue(change.type()));
        }
        events.add(event);
    }

    private void attach(ByteString key, long leaseBefore, long leaseAfter) {
        if (leaseBefore == leaseAfter) {
            return;
        }
        if (leaseBefore != 0) {
            changes.delete(Table.LEASE_KEYS, Rows.leaseKey(leaseBefore, key));
        }
        if (leaseAfter != 0) {
            changes.put(Table.LEASE_KEYS, Rows.leaseKey(leaseAfter, key), ByteString.EMPTY);
        }
    }

    private Lease requireLease(long id) {
        return reads().lease(id).orElseThrow(() -> new LeaseNotFoundException(id));
    }

    private Reads reads() {
        checkLive();
        return new Reads(reader, revision(), compactRevision);
    }

    private void end() {
        checkLive();
        ended = true;
    }

    private void checkLive() {
        if (ended) {
            throw new IllegalStateException("transaction has ended");
        }
    }
}
