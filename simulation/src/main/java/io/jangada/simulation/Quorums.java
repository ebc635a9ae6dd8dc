// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether a quorum of the configuration that a member has itself in force has told it what it takes for granted: who leads
 * has heard the votes of one, in its term, and who calls an entry committed has heard from one that has it, in its term,
 * up to an entry of that term (Raft thesis 3.4, 3.6.2, 4.3). {@link Commits} looks at what was said, and at all that may be
 * in force; this at what has been heard, and at what is.
 */
final class Quorums {
    private final Map<InTerm, Set<Long>> votes = new HashMap<>();
    /** By the leader and its term, what each member has acknowledged to it. */
    private final Map<InTerm, Map<Long, Long>> acknowledged = new HashMap<>();
    private final Map<InTerm, Long> committed = new HashMap<>();

    /** {@code message} has come to its recipient, to which it counts if it comes to that. */
    void arrived(Message message) {
        switch (message) {
            case Message.VoteResponse one when one.granted() -> votes
                    .computeIfAbsent(new InTerm(one.to(), one.term()), ignored -> new HashSet<>())
                    .add(one.from());
            case Message.AppendResponse one -> acknowledged
                    .computeIfAbsent(new InTerm(one.to(), one.term()), ignored -> new HashMap<>())
                    .merge(one.from(), one.index(), Math::max);
            default -> {
            }
        }
    }

    /**
     * {@code leader} leads, perhaps as was seen before.
     *
     * @param index up to which it calls the log committed
     * @param first the first entry of its own in its log
     * @param inForce the configurations that it has, or had a moment ago
     */
    void leads(InTerm leader, long index, long first, Set<ConfState> inForce) {
        Long before = committed.get(leader);
        if (before == null) { // What it has learned as a follower.
            committed.put(leader, index);
            elected(leader, inForce);
        } else if (index > before) {
            committed.put(leader, index);
            Set<Long> have = new HashSet<>(Set.of(leader.member()));
            acknowledged.getOrDefault(leader, Map.of()).forEach((member, to) -> {
                if (to >= Math.max(first, index)) {
                    have.add(member);
                }
            });
            check("committed by a quorum in force", leader, "calls " + index
                    + " committed, which is acknowledged by " + have, have, inForce);
        }
    }

    private void elected(InTerm leader, Set<ConfState> inForce) {
        Set<Long> voted = new HashSet<>(votes.getOrDefault(leader, Set.of()));
        voted.add(leader.member());
        check("elected by a quorum in force", leader, "leads by the votes of " + voted, voted,
                inForce);
    }

    private static void check(String promise, InTerm leader, String what, Set<Long> members,
            Set<ConfState> inForce) {
        if (!inForce.isEmpty()
                && inForce.stream().noneMatch(conf -> Commits.isQuorum(conf, members))) {
            throw new Violation(promise,
                    "in " + leader + ", it " + what + ", in none of " + inForce);
        }
    }
}
