// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.CorruptCheck;
import java.util.List;

/**
 * Hears of what was applied, after it became visible. Apply loop; must not block. Every method does nothing
 * by default.
 */
public interface ApplyObserver {
    /** History before {@code revision} was given up; its rows can be deleted. */
    default void compacted(long revision) {}

    /** There is a new lease. */
    default void leaseGranted(long id, long ttlSeconds) {}

    /** A lease has ended. */
    default void leaseRevoked(long id) {}

    /**
     * Members are asked what they hold. The store is as it was right after the asking entry: whoever
     * hashes it takes a view of it now.
     *
     * @param index of the entry, which names the check
     */
    default void checkAsked(long index, CorruptCheck check) {}

    /** A member has reported for the check {@code index}. */
    default void checkReported(long index) {}

    /** The alarms that are raised, after each entry that may have changed them, and at the start. */
    default void alarms(List<AlarmMember> raised) {}

    /** Everything was replaced by a snapshot. */
    default void restored() {}
}
