// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.tracker;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.quorum.IdSet;
import io.jangada.raft.quorum.JointConfig;
import io.jangada.raft.quorum.MajorityConfig;
import java.util.function.LongUnaryOperator;

/**
 * The configuration in force (Raft thesis 4; etcd raft: tracker.Config). Immutable.
 *
 * @param voters who decides
 * @param learners who gets the log but does not vote; no voter is among them
 * @param learnersNext outgoing voters that become learners when the joint configuration is left
 * @param autoLeave whether the leader leaves the joint configuration by itself
 */
public record TrackerConfig(JointConfig voters, IdSet learners, IdSet learnersNext,
        boolean autoLeave) {

    /** Nobody. */
    public static final TrackerConfig EMPTY = new TrackerConfig(JointConfig.EMPTY, IdSet.EMPTY,
            IdSet.EMPTY, false);

    /** Whether there are two halves. */
    public boolean isJoint() {
        return !outgoing().isEmpty();
    }

    /** The voters of the new half, or of the only one. */
    public IdSet incoming() {
        return voters.incoming().voters();
    }

    /** The voters of the old half; empty if there is no joint configuration. */
    public IdSet outgoing() {
        return voters.outgoing().voters();
    }

    /** Whether {@code id} votes, in whichever half. */
    public boolean isVoter(long id) {
        return voters.contains(id);
    }

    /** The largest index that a majority of each half has acknowledged. */
    public long committedIndex(LongUnaryOperator acknowledged) {
        return voters.committedIndex(acknowledged);
    }

    /** This configuration with other voters. */
    public TrackerConfig withVoters(IdSet incoming, IdSet outgoing) {
        var both = new JointConfig(new MajorityConfig(incoming), new MajorityConfig(outgoing));
        return new TrackerConfig(both, learners, learnersNext, autoLeave);
    }

    /** This configuration with other learners. */
    public TrackerConfig withLearners(IdSet now, IdSet next) {
        return new TrackerConfig(voters, now, next, autoLeave);
    }

    /** This configuration with another way to leave it. */
    public TrackerConfig withAutoLeave(boolean leavesByItself) {
        return new TrackerConfig(voters, learners, learnersNext, leavesByItself);
    }

    /** As it is stored; ids ascend. */
    public ConfState toConfState() {
        return new ConfState(incoming().toList(), learners.toList(), outgoing().toList(),
                learnersNext.toList(), autoLeave);
    }

    /** As etcd's logs show it: {@code voters=(1 2)&&(1) learners=(3) autoleave}. */
    @Override
    public String toString() {
        var text = new StringBuilder("voters=").append(incoming());
        if (isJoint()) {
            text.append("&&").append(outgoing());
        }
        if (!learners.isEmpty()) {
            text.append(" learners=").append(learners);
        }
        if (!learnersNext.isEmpty()) {
            text.append(" learners_next=").append(learnersNext);
        }
        return text.append(autoLeave ? " autoleave" : "").toString();
    }
}
