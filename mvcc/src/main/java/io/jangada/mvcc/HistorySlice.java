// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Some consecutive revisions read back from history.
 *
 * @param changes the revisions that changed keys, ascending
 * @param nextRevision the first revision that is not covered
 */
record HistorySlice(List<RevisionEvents> changes, long nextRevision) {
    HistorySlice {
        changes = List.copyOf(changes);
    }

    static HistorySlice read(Reads reads, long fromRevision, HistoryLimits limits) {
        List<RevisionEvents> changes = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        long main = fromRevision;
        long bytes = 0;
        try (Cursor rows = reads.reader().cursor(Table.HISTORY, Rows.historyFrom(fromRevision),
                Rows.historyFrom(reads.revision() + 1))) {
            for (; rows.isValid(); rows.next()) {
                long here = Rows.historyMain(rows.key());
                if (here != main) {
                    flush(changes, events, main);
                    if (changes.size() >= limits.revisionsMax() || bytes >= limits.bytesMax()) {
                        return new HistorySlice(changes, here);
                    }
                    main = here;
                }
                ByteString value = rows.value();
                bytes += value.size();
                events.add(event(rows.key(), value, here));
            }
        }
        flush(changes, events, main);
        return new HistorySlice(changes, Math.max(fromRevision, reads.revision() + 1));
    }

    private static void flush(List<RevisionEvents> changes, List<Event> events, long main) {
        if (!events.isEmpty()) {
            changes.add(new RevisionEvents(main, events));
            events.clear();
        }
    }

    private static Event event(ByteString row, ByteString value, long main) {
        Version version = Version.decode(value);
        ChangeId change = version.link().id();
        if (!change.row().equals(row)) {
            throw new CorruptStoreException("history at " + main + " holds a change " + change);
        }
        return new Event(change.type(), version.keyValue(), version.link().previous());
    }
}
