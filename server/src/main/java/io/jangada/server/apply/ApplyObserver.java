// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

/** Hears of what was applied, after it became visible. Apply loop; must not block. */
public interface ApplyObserver {
    /** History before {@code revision} was given up; its rows can be deleted. */
    void compacted(long revision);

    /** There is a new lease. */
    void leaseGranted(long id, long ttlSeconds);

    /** A lease has ended. */
    void leaseRevoked(long id);

    /** Everything was replaced by a snapshot. */
    void restored();
}
