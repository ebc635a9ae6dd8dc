// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;

/**
 * Deletes, step by step, the rows that a compaction at revision C gave up: of each key all versions
 * up to C but the newest, and that one too if it is a tombstone before C (etcd keeps one at C).
 *
 * <p>How it stays proportional to what changed, not to what is stored:
 * <ol>
 * <li>A version up to the last finished compaction F that survived it was the newest of its key.
 * <li>So it can fall only to a newer version in (F, C], or, if it is a tombstone at F itself, now.
 * <li>It is enough to walk the history from F to C and, for each change, drop the version of the key
 * just before it: older ones fell when that one was walked over, now or earlier.
 * <li>Every step may be repeated. After a crash the walk begins at F again.
 * </ol>
 * Owned by the apply loop.
 */
final class Compactor {
    private final Backend backend;
    private ByteString position;
    private long target;
    /** Written by the apply loop; read by any thread. */
    private volatile long finishedRevision;

    Compactor(Backend backend, Reads reads) {
        this.backend = backend;
        this.finishedRevision = reads.reader().get(Table.META, Rows.FINISHED_COMPACT_REVISION)
                .map(Rows::number).orElse(-1L);
        this.target = finishedRevision;
        this.position = ByteString.EMPTY;
    }

    /** The compact revision whose work is done; -1 if none. */
    long finishedRevision() {
        return finishedRevision;
    }

    /** Walks over about {@code rowsMax} changes; returns whether there is more to do. */
    boolean step(Reads reads, int rowsMax) {
        if (target == finishedRevision) {
            if (reads.compactRevision() == finishedRevision) {
                return false;
            }
            target = reads.compactRevision();
            position = Rows.historyFrom(Math.max(0, finishedRevision));
        }
        Batch deletes = new Batch();
        boolean walkedAll = walk(reads, rowsMax, deletes);
        if (walkedAll) {
            deletes.put(Table.META, Rows.FINISHED_COMPACT_REVISION, Rows.number(target));
        }
        backend.write(deletes);
        if (walkedAll) {
            finishedRevision = target;
        }
        return target != finishedRevision || reads.compactRevision() != finishedRevision;
    }

    private boolean walk(Reads reads, int rowsMax, Batch deletes) {
        try (Cursor changes = reads.reader().cursor(Table.HISTORY, position,
                Rows.historyFrom(target + 1));
                Cursor index = reads.reader().cursor(Table.INDEX, ByteString.EMPTY,
                        ByteString.EMPTY)) {
            int walked = 0;
            for (; changes.isValid() && walked < rowsMax; changes.next()) {
                walkOver(changes.key(), KeyValue.decode(changes.value()).key(), index, deletes);
                walked++;
            }
            if (changes.isValid()) {
                position = changes.key();
            }
            return !changes.isValid();
        }
    }

    private void walkOver(ByteString change, ByteString key, Cursor index, Batch deletes) {
        ByteString indexed = Rows.indexOf(key);
        ByteString here = Rows.index(indexed, Rows.historyMain(change), Rows.historySub(change));
        index.seek(here);
        if (index.isValid() && index.key().equals(here)) {
            index.next();
        }
        if (index.isValid() && Rows.indexedKey(index.key()).equals(indexed)) {
            delete(index.key(), Reads.isPut(index) ? EventType.PUT : EventType.DELETE, deletes);
        }
        EventType type = Rows.historyType(change);
        if (type == EventType.DELETE && Rows.historyMain(change) < target) {
            delete(here, type, deletes);
        }
    }

    private static void delete(ByteString indexRow, EventType type, Batch deletes) {
        deletes.delete(Table.INDEX, indexRow);
        deletes.delete(Table.HISTORY,
                Rows.history(Rows.indexMain(indexRow), Rows.indexSub(indexRow), type));
    }
}
