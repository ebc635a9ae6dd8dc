// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.RaftStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Members whose disk has lost what they had promised, and which know that from the start: they vote and are counted again
 * only when they have all that was committed before (Raft thesis 3.8; ADR 5).
 */
final class Forgetful {
    /** By member, what was applied anywhere when it lost something. */
    private final Map<Long, Long> losses = new HashMap<>();
    /** By member, whom it has met on its present disk. */
    private final Map<Long, Set<Long>> acquaintances = new HashMap<>();
    /** Those of them whom a later change has made learners: who becomes a voter after that has all. */
    private final Set<Long> learners = new HashSet<>();

    /** {@code member} has lost something, when {@code applied} was applied somewhere. */
    void lost(long member, long applied) {
        losses.put(member, Math.max(1, applied));
        learners.remove(member);
        acquaintances.remove(member);
    }

    /** The disk of {@code member} is another one, which does not tell of what was lost on the one before. */
    void replaced(long member) {
        losses.remove(member);
    }

    /** From {@code index} on, this is in force. */
    void configuration(long index, ConfState conf) {
        losses.forEach((member, applied) -> {
            if (index > applied && !isVoter(conf, member)) {
                learners.add(member);
            }
        });
    }

    private static boolean isVoter(ConfState conf, long member) {
        return conf.voters().contains(member) || conf.votersOutgoing().contains(member);
    }

    /** {@code member} stands like this. */
    void look(long member, RaftStatus status) {
        Long loss = losses.get(member);
        if (loss == null || !status.votes()) {
            return;
        }
        if (status.applied() < loss) {
            throw new Violation("who has forgotten votes when it has all again", "member " + member
                    + " votes with " + status.applied() + " applied, and lost something when "
                    + loss + " was");
        }
        losses.remove(member);
    }

    /** Something from {@code peer} has come to {@code member}, which remembers it. */
    void met(long member, long peer) {
        if (!losses.containsKey(peer)) {
            acquaintances.computeIfAbsent(member, ignored -> new HashSet<>()).add(peer);
        }
    }

    /**
     * Whether what {@code message} confirms counts for nothing to its recipient, who has {@code inForce}, and has met its
     * sender before that had forgotten anything.
     */
    boolean isWorthless(Message message, Collection<ConfState> inForce) {
        long member = message.from();
        return losses.containsKey(member) && !learners.contains(member)
                && acquaintances.getOrDefault(message.to(), Set.of()).contains(member)
                && inForce.stream().allMatch(conf -> isVoter(conf, member));
    }

    /** {@code message} leaves its sender. */
    void sent(Message message) {
        boolean votes = message instanceof Message.VoteRequest
                || (message instanceof Message.VoteResponse one && one.granted());
        if (votes && losses.containsKey(message.from())) {
            throw new Violation("who has forgotten gives no vote",
                    "member " + message.from() + " sends " + message);
        }
    }
}
