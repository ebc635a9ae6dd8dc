// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/**
 * Where a log stands. Immutable.
 *
 * @param committed the highest index known to be committed
 * @param applied the highest index that is applied
 * @param applying the highest index handed out for applying
 * @param unstableOffset the index of the first entry that is not known to be stable
 * @param unstableInProgress the index of the first entry that was not handed to storage
 * @param unstableCount the number of entries that are not known to be stable
 */
public record LogPositions(long committed, long applied, long applying, long unstableOffset,
        long unstableInProgress, int unstableCount) {}
