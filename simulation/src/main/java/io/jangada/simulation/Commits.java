// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.ConfState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether what leaders tell as committed is covered by a quorum that has acknowledged it in the leader's term (Raft
 * thesis 3.6.2, 4.3). A leader puts a change into force when it has applied it, which may be later than others, so that
 * a few configurations are possible at a time: one of them must have such a quorum.
 */
final class Commits {
    private static final int CONFIGURATIONS_MAX = 4;

    private record Log(long member, long term) {}

    private final TreeMap<Long, ConfState> configurations = new TreeMap<>();
    private final Map<Log, Long> acknowledged = new HashMap<>();
    private long covered = 1;

    /** From {@code index} on, this is in force. */
    void configuration(long index, ConfState confState) {
        configurations.put(index, confState);
    }

    /** {@code member} has said to the leader of {@code term} that it has the log up to {@code index}. */
    void acknowledged(long member, long term, long index) {
        acknowledged.merge(new Log(member, term), index, Math::max);
    }

    /**
     * The leader of {@code term} says that {@code index} is committed.
     *
     * @return whether its own log is part of the quorum, and so must be durable up to there
     */
    boolean committed(long leader, long term, long index) {
        if (index <= covered) {
            return false;
        }
        boolean withLeader = false;
        for (ConfState possible : possible(index)) {
            if (isCovered(possible, leader, term, index, false)) {
                covered = index;
                return false;
            }
            withLeader |= isCovered(possible, leader, term, index, true);
        }
        if (!withLeader) {
            throw new Violation("committed by a quorum", "member " + leader + " says in term "
                    + term + " that " + index + " is committed, by none of " + possible(index));
        }
        covered = index;
        return true;
    }

    private List<ConfState> possible(long index) {
        return new ArrayList<>(configurations.headMap(index, true).descendingMap().values())
                .stream().limit(CONFIGURATIONS_MAX).toList();
    }

    private boolean isCovered(ConfState conf, long leader, long term, long index,
            boolean withLeader) {
        return isCovered(conf.voters(), leader, term, index, withLeader)
                && (!conf.isJoint()
                        || isCovered(conf.votersOutgoing(), leader, term, index, withLeader));
    }

    private boolean isCovered(List<Long> voters, long leader, long term, long index,
            boolean withLeader) {
        long have = voters.stream().filter(voter -> voter == leader
                ? withLeader
                : acknowledged.getOrDefault(new Log(voter, term), 0L) >= index).count();
        return have > voters.size() / 2;
    }
}
