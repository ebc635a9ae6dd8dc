// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker;

/**
 * How much a check looked at. Immutable.
 *
 * @param operations all operations
 * @param writes those that made a revision
 * @param reads those that were checked against the state at a revision
 * @param revisions how many revisions there were
 * @param holes how many of them nobody acknowledged: of unknown outcomes and expired leases
 * @param watches the watchers
 * @param events the events that they were told
 */
public record Figures(long operations, long writes, long reads, long revisions, long holes,
        long watches, long events) {
    @Override
    public String toString() {
        return operations + " operations (" + writes + " writes, " + reads + " reads checked), "
                + revisions + " revisions (" + holes + " unacknowledged), " + watches
                + " watches with " + events + " events";
    }
}
