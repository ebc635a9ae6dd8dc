// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import io.jangada.raft.model.ConfChange;

/** The way in which a change is put in force (etcd raft: EnterJoint, LeaveJoint). */
public enum ConfChangePath {
    /** At once: one voter more or less (Raft thesis 4.1). */
    SIMPLE,
    /** Into a joint configuration that the leader leaves by itself. */
    ENTER_JOINT_AUTO_LEAVE,
    /** Into a joint configuration that is left by another change. */
    ENTER_JOINT,
    /** Out of a joint configuration. */
    LEAVE_JOINT;

    /** The way that {@code change} asks for; its context does not matter. */
    public static ConfChangePath of(ConfChange change) {
        return switch (change.transition()) {
            case AUTO -> ofAuto(change);
            case JOINT_IMPLICIT -> ENTER_JOINT_AUTO_LEAVE;
            case JOINT_EXPLICIT -> ENTER_JOINT;
        };
    }

    private static ConfChangePath ofAuto(ConfChange change) {
        return switch (change.changes().size()) {
            case 0 -> LEAVE_JOINT;
            case 1 -> SIMPLE;
            default -> ENTER_JOINT_AUTO_LEAVE;
        };
    }
}
