// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raft.RoleName;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.Clock;
import io.jangada.raftnode.RaftStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What members say to each other, looked at as it leaves and as it comes, beside what each of them is seen to have. Every
 * method throws the {@link Violation} that it sees.
 */
final class Conversation {
    /** Of so many acknowledgements of a member, one is compared with its disk, besides the first one in each term. */
    private static final int COMPARED = 40;

    private final Sight sight;
    private final LeaderLogs logs = new LeaderLogs();
    private final Followers followers = new Followers();
    private final Quorums quorums = new Quorums();
    private final Forgetful forgetful = new Forgetful();
    private final Denials denials;
    private final Leases leases;
    private final ReadAnswers reads;
    private final OldPromises oldPromises;
    private final InForce inForce;
    /** By the term in which a leader has sent its first own entry, its index. */
    private final Map<Long, Long> firsts = new HashMap<>();
    private final Set<InTerm> compared = new HashSet<>();
    private final Map<Long, Integer> acknowledgements = new HashMap<>();

    Conversation(Scenario scenario, Clock clock, Sight sight) {
        this.sight = sight;
        inForce = new InForce(clock);
        denials = new Denials(scenario, clock);
        leases = new Leases(scenario, clock);
        reads = new ReadAnswers(clock);
        oldPromises = new OldPromises(clock);
    }

    /** What was promised long ago. */
    OldPromises oldPromises() {
        return oldPromises;
    }

    /** Who has forgotten something. */
    Forgetful forgetful() {
        return forgetful;
    }

    /** A process of {@code member} begins, whose clock runs at {@code rate}. */
    void began(long member, double rate) {
        leases.began(member, rate);
        followers.look(member, null);
        inForce.began(member);
    }

    /** The log of {@code member}, as it comes back, is one that leaders have sent. */
    void recovered(long member, DurableLog log) {
        List<EntryId> mismatch = logs.mismatch(log.begin(), log.entries());
        if (!mismatch.isEmpty()) {
            throw new Violation("logs match on the disk", "member " + member + " has "
                    + mismatch.getLast() + " behind " + mismatch.getFirst());
        }
        followers.knows(member, log.hardState().commit());
    }

    /** {@code member} has applied {@code id}. */
    void applied(long member, EntryId id) {
        sight.status(member).ifPresent(status -> logs.applied(id, status.term()));
        followers.knows(member, id.index());
    }

    /** The state of {@code member} begins with this. */
    void holds(long member, long index) {
        followers.knows(member, index);
    }

    /** {@code message} leaves {@code by}, whom it may only be forwarded by. */
    void sent(long by, Message message) {
        look(by);
        forgetful.sent(message);
        reads.sent(message);
        leases.sent(message, inForce.of(by));
        switch (message) {
            case Message.AppendRequest one -> append(one);
            case Message.AppendResponse one when one.index() > 0 -> acknowledged(one);
            case Message.AppendReject one -> denials.sent(one);
            default -> {
            }
        }
    }

    private void append(Message.AppendRequest append) {
        logs.sent(append, sight.status(append.from()).map(RaftStatus::applied)
                .orElse(Long.MAX_VALUE));
        if (append.previous().term() == append.term()) {
            firsts.merge(append.term(), append.previous().index(), Math::min);
        }
        append.entries().stream().filter(entry -> entry.term() == append.term()).findFirst()
                .ifPresent(entry -> firsts.merge(append.term(), entry.index(), Math::min));
        followers.knows(append.from(), append.commit());
    }

    /* What is acknowledged survives a crash, whatever comes after it. */
    private void acknowledged(Message.AppendResponse answer) {
        followers.sent(answer);
        oldPromises.acknowledged(answer.from(), answer.term(), answer.index());
        int count = acknowledgements.merge(answer.from(), 1, Integer::sum);
        if (!compared.add(new InTerm(answer.from(), answer.term())) && count % COMPARED != 0) {
            return;
        }
        Optional<DurableLog> found = sight.afterCrash(answer.from());
        if (found.isEmpty()) {
            return;
        }
        DurableLog log = found.get();
        boolean present = log.hardState().term() > answer.term()
                || (log.hardState().term() == answer.term() && log.has(answer.index(),
                        logs.termAt(answer.term(), answer.index())));
        if (!present) {
            throw new Violation("what is acknowledged survives a crash",
                    "member " + answer.from() + " acknowledges " + answer.index() + " in term "
                            + answer.term() + ", but a crash would leave " + log.hardState()
                            + " and a log up to " + log.last());
        }
    }

    /** {@code member} serves a linearizable read that came to it at {@code cameNanos}. */
    void served(long member, long cameNanos) {
        look(member);
        if (!reads.isAnswered(member, cameNanos)) {
            leases.served(member, cameNanos);
        }
    }

    /** {@code message} has come to its recipient, which has yet to take it. */
    void arrived(Message message) {
        look(message.to());
        forgetful.met(message.to(), message.from());
        followers.arrived(message);
        leases.arrived(message);
        reads.arrived(message);
        if (!forgetful.isWorthless(message, inForce.of(message.to()))) {
            quorums.arrived(message);
        }
    }

    /** Looks at {@code member}, whose process may have ended. */
    void look(long member) {
        Optional<RaftStatus> seen = sight.status(member);
        followers.look(member, seen.orElse(null));
        seen.ifPresent(status -> {
            inForce.look(member, status.confState());
            forgetful.look(member, status);
            if (status.role() == RoleName.LEADER) {
                InTerm leader = new InTerm(member, status.term());
                leases.leads(leader, status.confState());
                quorums.leads(leader, status.commit(),
                        firsts.getOrDefault(status.term(), Long.MAX_VALUE),
                        inForce.of(member));
            } else {
                leases.leadsNoMore(member);
            }
        });
    }
}
