// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;

/**
 * Deletes, step by step, the rows that a compaction at revision C gave up: of each key all versions
 * up to C but the newest, and that one too if it is a tombstone before C (etcd keeps one at C), then
 * with the key's row in CURRENT; and all milestones up to C.
 *
 * <p>How it stays proportional to what changed, not to what is stored. It walks the history from F,
 * the last compaction that finished, to C, and drops for each change the version that the change's
 * link names; the change's milestone, if it is one; and the change itself, if it is a tombstone
 * before C. That this is all, and not too much:
 * <ol>
 * <li>A version up to C is outdated if its key has a later one up to C. Mostly that one's link names
 * it, and it goes when that one is walked over: now, or if that was up to F, earlier.
 * <li>A link does not name the version before it only if the chain began anew, over a tombstone
 * before the compact revision of that time. Tombstones need no link: each is at or after F when a
 * walk comes by, since one before F fell in the walk that finished F, and F itself is walked again.
 * <li>Who reads at C or later starts in CURRENT or at a milestone after the revision read, and reads
 * of the versions up to C only the newest, if it is a put: never what goes. A link may name what is
 * gone, but then it is outdated for all who may ask, or a tombstone, which is not read.
 * <li>CURRENT loses a tombstone only if that is still the latest of its key; a later put begins the
 * chain anew with it and without it ({@link Link#next}).
 * <li>Every step is one atomic batch and may be repeated, and does not change what readers find.
 * After a crash the walk begins at F again, over the rows that are left: a change goes in no earlier
 * batch than the version that its link names, and a tombstone goes with its row in CURRENT.
 * </ol>
 * Owned by the apply loop.
 */
final class Compactor {
    private final Backend backend;
    private final LatestCache cache;
    private ByteString position;
    private long target;
    /** Written by the apply loop; read by any thread. */
    private volatile long finishedRevision;

    /** Deletes from {@code backend}, which {@code cache} follows; {@code reads} is its state. */
    Compactor(Backend backend, LatestCache cache, Reads reads) {
        this.backend = backend;
        this.cache = cache;
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
        cache.written(deletes);
        if (walkedAll) {
            finishedRevision = target;
        }
        return target != finishedRevision || reads.compactRevision() != finishedRevision;
    }

    private boolean walk(Reads reads, int rowsMax, Batch deletes) {
        try (Cursor changes = reads.reader().cursor(Table.HISTORY, position,
                Rows.historyFrom(target + 1))) {
            int walked = 0;
            for (; changes.isValid() && walked < rowsMax; changes.next()) {
                walkOver(Version.decode(changes.value()), reads, deletes);
                walked++;
            }
            if (changes.isValid()) {
                position = changes.key();
            }
            return !changes.isValid();
        }
    }

    private void walkOver(Version version, Reads reads, Batch deletes) {
        Link link = version.link();
        ChangeId change = link.id();
        if (!link.previous().isNone()) {
            deletes.delete(Table.HISTORY, link.previous().row());
        }
        if (link.isMilestone()) {
            deletes.delete(Table.INDEX, Rows.milestone(Rows.indexOf(version.keyValue().key()),
                    change.main(), change.sub()));
        }
        if (!change.isPut() && change.main() < target) {
            dropTombstone(change, version.keyValue().key(), reads, deletes);
        }
    }

    private static void dropTombstone(ChangeId change, ByteString key, Reads reads,
            Batch deletes) {
        deletes.delete(Table.HISTORY, change.row());
        boolean isLatest = reads.current(key)
                .map(latest -> latest.link().id().equals(change)).orElse(false);
        if (isLatest) {
            deletes.delete(Table.CURRENT, key);
        }
    }
}
