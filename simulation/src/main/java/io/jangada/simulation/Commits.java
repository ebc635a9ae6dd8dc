// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.ConfState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether leaders are elected by a quorum, and what they tell as committed is covered by one that has acknowledged it in
 * the leader's term, and is of that term or before an entry that is (Raft thesis 3.4, 3.6.2, 4.3). A leader puts a change into force when it has applied it, which may be later than others, so that
 * a few configurations are possible at a time: one of them must have such a quorum.
 */
final class Commits {
    private static final int CONFIGURATIONS_MAX = 6;

    private static final int OPEN_MAX = 10;

    private record Log(long member, long term) {}

    /** {@code leader} has called {@code index} committed when those in {@code have} had it. */
    private record Claim(long leader, long term, long index, Set<Long> have) {}

    private final TreeMap<Long, ConfState> configurations = new TreeMap<>();
    private final Map<Log, Long> acknowledged = new HashMap<>();
    /** By term, the first entry of its own that its leader has sent. */
    private final Map<Long, Long> firsts = new HashMap<>();
    private final List<Claim> open = new ArrayList<>();
    private long covered = 1;

    /** From {@code index} on, this is in force. */
    void configuration(long index, ConfState confState) {
        configurations.put(index, confState);
        open.removeIf(claim -> index <= claim.index() && isQuorum(confState, claim.have()));
    }

    /** All changes are told: what no configuration covers yet, none does. */
    void settle() {
        if (!open.isEmpty()) {
            throw new Violation("committed by a quorum", open.getFirst() + ", in none of "
                    + configurations);
        }
    }

    /** {@code member} has said to the leader of {@code term} that it has the log up to {@code index}. */
    void acknowledged(long member, long term, long index) {
        acknowledged.merge(new Log(member, term), index, Math::max);
    }

    /** The leader of {@code term} has an entry of its own term at {@code index}, and perhaps before. */
    void own(long term, long index) {
        firsts.merge(term, index, Math::min);
    }

    /**
     * The leader of {@code term} says that {@code index} is committed: by itself, or in a term before.
     *
     * @return the term in which its own log was part of the quorum, and so must be durable up to there; 0 if it was not
     */
    long committed(long leader, long term, long index) {
        if (index <= covered) {
            return 0;
        }
        covered = index;
        if (possible(index).stream().anyMatch(conf -> isQuorum(conf, Set.of(leader)))) {
            return term; // Without others nobody has seen of which term its entries are.
        }
        for (long one = term; one > 0; one--) {
            Long first = firsts.get(one);
            if (first == null) {
                continue;
            }
            // A heartbeat tells no more than its recipient has, which may be less than is committed.
            long last = Math.max(first, index);
            if (isCovered(leader, one, last, false)) {
                return 0;
            }
            if (isCovered(leader, one, last, true)) {
                return one;
            }
        }
        // A change is in force at the core shortly before the state machine, and so this, hears of it.
        Set<Long> have = new HashSet<>(Set.of(leader));
        acknowledged.forEach((log, acknowledgedTo) -> {
            if (log.term() == term && acknowledgedTo >= index) {
                have.add(log.member());
            }
        });
        open.add(new Claim(leader, term, index, have));
        if (open.size() > OPEN_MAX) {
            settle();
        }
        return 0;
    }

    /** Whether those who voted for {@code winner}, itself included, are a quorum of a configuration that may be in force. */
    void elected(long winner, long term, Set<Long> voted) {
        if (possible(Long.MAX_VALUE).stream().noneMatch(conf -> isQuorum(conf, voted))) {
            throw new Violation("elected by a quorum", "member " + winner + " leads in term " + term
                    + " by the votes of " + voted + ", in none of " + possible(Long.MAX_VALUE));
        }
    }

    private List<ConfState> possible(long index) {
        return configurations.headMap(index, true).descendingMap().values().stream()
                .limit(CONFIGURATIONS_MAX).toList();
    }

    private boolean isCovered(long leader, long term, long index, boolean withLeader) {
        for (ConfState conf : possible(index)) {
            Set<Long> have = new HashSet<>(conf.voters());
            have.addAll(conf.votersOutgoing());
            have.removeIf(voter -> voter == leader
                    ? !withLeader
                    : acknowledged.getOrDefault(new Log(voter, term), 0L) < index);
            if (isQuorum(conf, have)) {
                return true;
            }
        }
        return false;
    }

    static boolean isQuorum(ConfState conf, Set<Long> members) {
        return isMajority(conf.voters(), members)
                && (!conf.isJoint() || isMajority(conf.votersOutgoing(), members));
    }

    private static boolean isMajority(List<Long> voters, Set<Long> members) {
        return voters.stream().filter(members::contains).count() > voters.size() / 2;
    }
}
