// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

/**
 * How far a restored store's revision is raised, for clients that remember revisions which the snapshot does
 * not have: they must not take new changes for those that they have seen.
 *
 * @param revisions how many revisions are skipped; 0 for none
 * @param markCompacted whether everything before counts as compacted, so that their watches end
 */
public record RevisionBump(long revisions, boolean markCompacted) {
    /** Nothing is skipped. */
    public static final RevisionBump NONE = new RevisionBump(0, false);

    /** More cannot be meant, and would leave no room. */
    private static final long REVISIONS_MAX = Long.MAX_VALUE >> 2;

    public RevisionBump {
        if (revisions < 0 || revisions > REVISIONS_MAX) {
            throw new IllegalArgumentException("a revision raised by " + revisions
                    + ", not in [0, " + REVISIONS_MAX + "]");
        }
    }
}
