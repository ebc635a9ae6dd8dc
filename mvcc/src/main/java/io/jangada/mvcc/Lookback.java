// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.BackendReader;
import io.jangada.mvcc.backend.ByteOrder;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import org.jspecify.annotations.Nullable;

/**
 * Finds what keys were at a revision R that can be read, not less than the compact revision.
 *
 * <p>How, given the latest change of a key, and why it costs no more for a key that changes much:
 * <ol>
 * <li>If that is at R or before, it is the answer.
 * <li>Otherwise the search starts at the key's first milestone after R, or at the latest change if
 * there is none, and follows the links until one names a change at R or before: that is the answer.
 * <li>Between two milestones of a chain lie fewer than {@value Link#MILESTONE_CHANGES} changes, so
 * that at most so many rows are read. A milestone after R is of the latest chain, and its row is
 * there: compaction deletes nothing after R, and chains begin anew only over tombstones before R.
 * <li>The end of a chain, and a tombstone, mean that the key was not there. A put that is named is in
 * history; if it is not, the store is corrupt.
 * </ol>
 * Owned by one thread; must be closed before its reader is.
 */
final class Lookback implements AutoCloseable {
    private final BackendReader reader;
    private final KeyRange range;
    /** Over the milestones from {@link #from} on; opened when a key has some. */
    private @Nullable Cursor milestones;
    private ByteString from = ByteString.EMPTY;

    /** For the keys in {@code range}, cheapest if asked for in ascending order. */
    Lookback(BackendReader reader, KeyRange range) {
        this.reader = reader;
        this.range = range;
    }

    /**
     * The last change of {@code key} at {@code revision} or before; {@link ChangeId#NONE} or a
     * tombstone if the key was not there.
     *
     * @param latest the latest change of the key
     * @throws CorruptStoreException if a change that a link names is missing
     */
    ChangeId find(ByteString key, Link latest, long revision) {
        if (latest.id().main() <= revision) {
            return latest.id();
        }
        Link later = latest.changes() < Link.MILESTONE_CHANGES
                ? latest
                : start(key, latest, revision);
        while (later.previous().main() > revision) {
            Link earlier = version(later.previous()).link();
            if (earlier.changes() != later.changes() - 1) {
                throw new CorruptStoreException("change " + earlier.changes() + " of a key, "
                        + earlier.id() + ", comes before change " + later.changes());
            }
            later = earlier;
        }
        return later.previous();
    }

    private Link start(ByteString key, Link latest, long revision) {
        ByteString indexed = Rows.indexOf(key);
        Cursor rows = seek(Rows.milestone(indexed, revision + 1, 0));
        return rows.isValid() && Rows.indexedKey(rows.key()).equals(indexed)
                ? version(Rows.milestoneId(rows.key(), rows.value())).link()
                : latest;
    }

    /** Never looks before what is sought: many deleted rows may be there. */
    private Cursor seek(ByteString row) {
        Cursor open = milestones;
        if (open != null && ByteOrder.compare(row, from) >= 0) {
            open.seek(row);
            return open;
        }
        close();
        Cursor opened = reader.cursor(Table.INDEX, row, milestonesEnd());
        milestones = opened;
        from = row;
        return opened;
    }

    private ByteString milestonesEnd() {
        if (range.isSingle()) {
            return Rows.indexAfter(Rows.indexOf(range.key()));
        }
        ByteString end = range.end();
        return end.isEmpty() ? end : Rows.indexBound(end);
    }

    /**
     * What the change {@code id} left.
     *
     * @throws CorruptStoreException if history lacks it
     */
    Version version(ChangeId id) {
        Version found = reader.get(Table.HISTORY, id.row()).map(Version::decode).orElseThrow(
                () -> new CorruptStoreException("history lacks a change that is named: " + id));
        if (!found.link().id().equals(id)) {
            throw new CorruptStoreException(
                    "history holds a change " + found.link().id() + " in the place of " + id);
        }
        return found;
    }

    @Override
    public void close() {
        Cursor open = milestones;
        if (open != null) {
            milestones = null;
            open.close();
        }
    }
}
