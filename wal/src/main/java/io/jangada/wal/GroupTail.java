// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import java.util.List;

/**
 * What the log knows of one group while it is open: the last hard state, mark and index, as they are
 * durable and as they will be with what is buffered. Belongs to the log's thread.
 */
final class GroupTail {
    private final long group;
    private HardState hardState;
    private SnapshotMark mark;
    private long lastIndex;
    private HardState nextHardState;
    private SnapshotMark nextMark;
    private long nextLastIndex;
    private long batchIndexMax;
    private long segmentIndexMax;
    private long purgeIndex;
    private boolean touched;
    private boolean isReset;

    GroupTail(WalRecovery.Group found, long segmentIndexMax) {
        this.group = found.group();
        this.hardState = found.hardState();
        this.mark = found.mark();
        this.lastIndex = found.lastIndex();
        this.nextHardState = hardState;
        this.nextMark = mark;
        this.nextLastIndex = lastIndex;
        this.segmentIndexMax = segmentIndexMax;
    }

    long group() {
        return group;
    }

    HardState hardState() {
        return hardState;
    }

    SnapshotMark mark() {
        return mark;
    }

    long lastIndex() {
        return lastIndex;
    }

    long nextLastIndex() {
        return nextLastIndex;
    }

    long purgeIndex() {
        return purgeIndex;
    }

    /** Whether anything of the group is durable. */
    boolean hasForced() {
        return lastIndex > 0 || !hardState.isEmpty() || !mark.equals(SnapshotMark.NONE);
    }

    /** Throws if the entries would leave a gap, or reach back behind the mark. */
    void checkEntries(List<Entry> entries) {
        long expected = entries.getFirst().index();
        if (expected <= nextMark.index() || expected > nextLastIndex + 1) {
            throw new IllegalArgumentException("group " + group + ": entries from " + expected
                    + " on, where the log has " + (nextMark.index() + 1) + " to " + nextLastIndex);
        }
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).index() != expected) {
                throw new IllegalArgumentException("group " + group + ": entry "
                        + entries.get(i).index() + " where " + expected + " was expected");
            }
            expected++;
        }
    }

    void appended(long index) {
        nextLastIndex = index;
        batchIndexMax = Math.max(batchIndexMax, index);
    }

    void checkHardState(HardState state, long lastIndexThen) {
        if (state.commit() > lastIndexThen) {
            throw new IllegalArgumentException("group " + group + ": commit " + state.commit()
                    + ", but the log ends at " + lastIndexThen);
        }
    }

    void hardStateAppended(HardState state) {
        nextHardState = state;
    }

    void checkMark(SnapshotMark next) {
        if (next.index() < nextMark.index()) {
            throw new IllegalArgumentException("group " + group + ": mark at " + next.index()
                    + " behind the one at " + nextMark.index());
        }
    }

    void marked(SnapshotMark next) {
        nextMark = next;
        nextLastIndex = Math.max(nextLastIndex, next.index());
    }

    /** The group begins anew. */
    void reset() {
        nextMark = SnapshotMark.NONE;
        nextLastIndex = 0;
        isReset = true;
    }

    /** What was buffered is durable. */
    void forced() {
        hardState = nextHardState;
        mark = nextMark;
        lastIndex = nextLastIndex;
        if (isReset) {
            purgeIndex = 0;
            isReset = false;
        }
        segmentIndexMax = Math.max(segmentIndexMax, batchIndexMax);
        batchIndexMax = 0;
        touched = false;
    }

    /** Whether this is the first change since the last force. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    /** The largest index in the segment that ends here; the next one begins with none. */
    long endSegment() {
        long index = segmentIndexMax;
        segmentIndexMax = 0;
        return index;
    }

    void purgeTo(long index) {
        purgeIndex = Math.max(purgeIndex, Math.min(index, mark.index()));
    }
}
