// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

import java.util.List;

/**
 * The membership as it is stored in snapshots and returned when a change is applied (etcd raftpb:
 * ConfState). The core lists ids in ascending order. Immutable.
 *
 * @param voters the voters; in a joint configuration those of the incoming half
 * @param learners those that get the log but do not vote
 * @param votersOutgoing the outgoing half of a joint configuration; empty otherwise
 * @param learnersNext outgoing voters that become learners when the joint configuration is left
 * @param autoLeave whether the leader leaves the joint configuration by itself
 */
public record ConfState(
        List<Long> voters,
        List<Long> learners,
        List<Long> votersOutgoing,
        List<Long> learnersNext,
        boolean autoLeave) {

    /** No members. */
    public static final ConfState EMPTY = new ConfState(List.of(), List.of(), List.of(), List.of(),
            false);

    public ConfState {
        voters = List.copyOf(voters);
        learners = List.copyOf(learners);
        votersOutgoing = List.copyOf(votersOutgoing);
        learnersNext = List.copyOf(learnersNext);
    }

    /** A configuration of voters alone. */
    public static ConfState ofVoters(List<Long> voters) {
        return new ConfState(voters, List.of(), List.of(), List.of(), false);
    }

    /** Whether there are two halves. */
    public boolean isJoint() {
        return !votersOutgoing.isEmpty();
    }

    /** Whether both say the same, whatever the order of ids in their lists. */
    public boolean isEquivalentTo(ConfState that) {
        return sorted().equals(that.sorted());
    }

    private ConfState sorted() {
        return new ConfState(sorted(voters), sorted(learners), sorted(votersOutgoing),
                sorted(learnersNext), autoLeave);
    }

    private static List<Long> sorted(List<Long> ids) {
        return ids.stream().sorted().toList();
    }
}
