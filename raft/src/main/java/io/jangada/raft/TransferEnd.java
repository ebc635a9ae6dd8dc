// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/**
 * How a hand-over ended that this member's application had asked for, and that was accepted. Immutable.
 *
 * @param target the member that was to lead
 * @param result what became of it
 * @param leader who leads now, as far as known; 0 for none
 */
public record TransferEnd(long target, Result result, long leader) {
    /** What became of a hand-over. */
    public enum Result {
        /** The target leads. */
        TRANSFERRED,
        /** Another member leads, or the same one in a later term. */
        OTHER_LEADER,
        /** The target did not take over in time; it still may, if it was told to campaign. */
        TIMED_OUT,
        /** The leader was asked to hand over to another member instead. */
        REPLACED,
        /** The target is no voter any more. */
        TARGET_REMOVED,
        /** This member was stopped before it knew. */
        STOPPED
    }
}
