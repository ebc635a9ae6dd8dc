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

    /**
     * No configuration follows from this one by the change: it would leave no voter, or meets a member
     * twice. etcd's core appends such a change, and all members fail when they apply it.
     *
     * @param explanation in words
     */
    record Impossible(String explanation) implements ConfChangeRefusal {}
}
