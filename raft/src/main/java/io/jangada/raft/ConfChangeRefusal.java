// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

/** Why a leader replaces a proposed change of membership by an empty entry. */
public sealed interface ConfChangeRefusal {
    /**
     * An earlier change may not be applied yet.
     *
     * @param index up to which the log may hold a change
     * @param applied what is applied
     */
    record Pending(long index, long applied) implements ConfChangeRefusal {}

    /** The configuration is joint and has to be left first. */
    record MustLeaveJoint() implements ConfChangeRefusal {}

    /** The change leaves a joint configuration, and there is none. */
    record NotJoint() implements ConfChangeRefusal {}
}
