// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/**
 * A change's place in the chain of its key's changes, each of which names the one before it. Immutable.
 *
 * <p>A chain begins with the first change of a key, and anew with a put over a tombstone that a
 * compaction has given up. Every {@value #MILESTONE_CHANGES}th change is a milestone, which has a row
 * in INDEX: whoever looks for an older change starts at the milestone after it.
 *
 * @param id the change
 * @param changes how many changes the chain has had, this one included; from 1
 * @param previous the change before it; {@link ChangeId#NONE} exactly if this is the first
 */
record Link(ChangeId id, long changes, ChangeId previous) {

    /** So many changes lie between two milestones, and so many rows at most does a search read. */
    static final int MILESTONE_CHANGES = 16;

    Link {
        if (id.isNone() || changes < 1 || previous.isNone() != (changes == 1)
                || !previous.isBefore(id)) {
            throw new IllegalArgumentException(
                    "change " + changes + " of a key: " + id + ", before it: " + previous);
        }
    }

    static Link first(ChangeId id) {
        return new Link(id, 1, ChangeId.NONE);
    }

    /**
     * The next of the chain. A tombstone before {@code compactRevision} may be gone already or not:
     * the chain then begins anew, so that what is written does not depend on it.
     */
    Link next(ChangeId change, long compactRevision) {
        return !id.isPut() && id.main() < compactRevision
                ? first(change)
                : new Link(change, changes + 1, id);
    }

    boolean isMilestone() {
        return changes % MILESTONE_CHANGES == 0;
    }
}
