// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker;

/** Which guarantee a history breaks. */
public enum ViolationKind {
    /** A read shows a state older than one that was acknowledged before it began, or than its revision. */
    STALE_READ,
    /** Something shows a revision, or a version of a key, that was not there yet. */
    READ_FROM_FUTURE,
    /** A read shows a version that no write made at that revision. */
    WRONG_READ,
    /** A write has a revision that does not lie after all that ended before it began. */
    WRITE_BACK_IN_TIME,
    /** Two writes have the same revision. */
    DUPLICATE_REVISION,
    /** A revision exists that no write can have made. */
    UNEXPLAINED_REVISION,
    /** A write was acknowledged, and nobody ever saw it where it should have been seen. */
    LOST_WRITE,
    /** A transaction was seen in part. */
    PARTIAL_TXN,
    /** A transaction took the wrong branch. */
    WRONG_COMPARE,
    /** The version before a change, as told by a response, is another one. */
    WRONG_PREV_KV,
    /** A response is wrong in another way. */
    WRONG_RESPONSE,
    /** A refusal for a reason that was not there. */
    WRONG_REFUSAL,
    /** A read of what was compacted before it began. */
    COMPACTED_READ,
    /** A lease ended before its time. */
    EARLY_LEASE_EXPIRY,
    /** A key was attached to a lease that was not there. */
    DEAD_LEASE_USED,
    /** A watcher was told of a later revision without an earlier one. */
    WATCH_GAP,
    /** A watcher was told something twice. */
    WATCH_DUPLICATE,
    /** A watcher was told one revision in two responses. */
    WATCH_SPLIT_REVISION,
    /** A watcher was told an older revision after a newer one. */
    WATCH_ORDER,
    /** A watcher was told what no write did. */
    WATCH_WRONG_EVENT,
    /** A watcher was told another version before the change than there was. */
    WATCH_WRONG_PREV_KV,
    /** A watcher was told what it did not want. */
    WATCH_FILTER,
    /** A watcher was told that it has everything up to a revision, and had not. */
    WATCH_PROGRESS,
    /** A watcher was ended for a compaction that did not concern it. */
    WATCH_COMPACTED,
    /** A cycle of writes that replace one another. */
    CYCLE_G0,
    /** A cycle of writes, and reads of what was written. */
    CYCLE_G1C,
    /** A cycle with one read of what was replaced. */
    CYCLE_G_SINGLE,
    /** A cycle with several reads of what was replaced. */
    CYCLE_G2
}
