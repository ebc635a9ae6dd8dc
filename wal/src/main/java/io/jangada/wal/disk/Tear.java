// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.util.random.RandomGenerator;

/**
 * Which of the writes that were never forced a crash leaves behind. Asked once for each changed sector,
 * in the order of path and position, and once for each changed name, in the order of the changes, of
 * which those after the first lost one are lost too.
 */
@FunctionalInterface
public interface Tear {
    /** Nothing that was not forced survives. */
    Tear LOSE_ALL = nth -> false;

    /** Everything survives, as when only the process died. */
    Tear KEEP_ALL = nth -> true;

    /** The first, third, … survive. */
    Tear KEEP_EVEN = nth -> nth % 2 == 0;

    /** The second, fourth, … survive. */
    Tear KEEP_ODD = nth -> nth % 2 == 1;

    /** The first survives alone. */
    Tear KEEP_FIRST = nth -> nth == 0;

    /** Only the first is lost. */
    Tear LOSE_FIRST = nth -> nth != 0;

    /** Whether the {@code nth} change, counted from 0, survives. */
    boolean survives(long nth);

    /** Each survives or not by the toss of a coin. */
    static Tear random(RandomGenerator random) {
        return nth -> random.nextBoolean();
    }
}
