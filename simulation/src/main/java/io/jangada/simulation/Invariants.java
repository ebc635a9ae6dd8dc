// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.MessageLite;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.Command;
import io.jangada.server.apply.ApplyResult;
import io.jangada.server.error.EtcdError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at every moment, looked at as each message leaves and each entry is applied: at most one leader in a
 * term, one vote of a member in a term, terms that never go back, and the same entries with the same effects on all
 * members (Raft thesis 3.2: election safety, log matching, state machine safety).
 */
final class Invariants {

    private record Ballot(long member, long term) {}

    /** What an entry was, and what it did. */
    private record Effect(long term, int data, int result) {}

    private final Trace trace;
    private final Map<Long, Long> leaders = new HashMap<>();
    private final Map<Ballot, Long> votes = new HashMap<>();
    /** Of what leaves at once, and may be forgotten in a crash: requests. */
    private final Map<Long, Long> terms = new HashMap<>();
    /** Of what waits until it is durable, and so may come behind a request of a later term: answers. */
    private final Map<Long, Long> promisedTerms = new HashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private final Map<Long, Long> applied = new HashMap<>();
    private final Map<Long, EntryId> acknowledged = new HashMap<>();
    private final Map<Long, Ballot> ballots = new HashMap<>();
    /** By member whose disk has lost something, what it had acknowledged. */
    private final Map<Long, EntryId> lost = new HashMap<>();
    private final Set<Long> relapsed = new HashSet<>();
    private final Commits commits = new Commits();
    private final Conversation conversation;
    private long appliedMax;
    private @Nullable Violation broken;
    private BiConsumer<Command, ApplyResult> firsts = (command, result) -> {};

    Invariants(Trace trace, Conversation conversation) {
        this.trace = trace;
        this.conversation = conversation;
        effects.add(new Effect(0, 0, 0));
    }

    private interface Look {
        void look();
    }

    /** A member may take a violation for a failure of its own, so that it is kept. */
    private void keep(Look look) {
        try {
            look.look();
        } catch (Violation seen) {
            broken = broken == null ? seen : broken;
            throw seen;
        }
    }

    /** The first promise that was seen broken, which a member may have taken for a failure of its own. */
    Optional<Violation> broken() {
        return Optional.ofNullable(broken);
    }

    /** {@code member} has failed, and no disk has done that. */
    Violation unexpected(long member, Throwable failure) {
        if (failure instanceof Violation seen) {
            broken = broken == null ? seen : broken;
            return seen;
        }
        Violation seen = broken("nothing unexpected", "member " + member + " failed: " + failure);
        seen.initCause(failure);
        return seen;
    }

    private Violation broken(String promise, String how) {
        Violation seen = new Violation(promise, how);
        if (broken == null) {
            broken = seen;
        }
        return seen;
    }

    /** Tells {@code of} of each command that the first member applies. */
    void tellFirsts(BiConsumer<Command, ApplyResult> of) {
        firsts = of;
    }

    /** The highest index that any member has applied. */
    long appliedMax() {
        return appliedMax;
    }

    /** A process of {@code member} begins, whose clock runs at {@code rate}. */
    void began(long member, double rate) {
        conversation.began(member, rate);
    }

    /** {@code message} has come to its recipient, which has yet to take it. */
    void arrived(Message message) {
        keep(() -> conversation.arrived(message));
    }

    /** Looks at what {@code member} has. */
    void look(long member) {
        keep(() -> conversation.look(member));
    }

    /** {@code member} serves a linearizable read that came to it at {@code cameNanos}. */
    void served(long member, long cameNanos) {
        keep(() -> {
            conversation.served(member, cameNanos);
        });
    }

    /** {@code message} leaves {@code by}; whom it comes from it binds from now on. */
    void sent(long by, Message message) {
        sent(message);
        keep(() -> conversation.sent(by, message));
    }

    private void sent(Message message) {
        long from = message.from();
        switch (message) {
            case Message.AppendRequest one -> {
                leads(from, one.term());
                own(one);
                committed(from, one.term(), one.commit());
            }
            case Message.Heartbeat one -> {
                leads(from, one.term());
                committed(from, one.term(), one.commit());
            }
            case Message.InstallSnapshot one -> wins(from, one.term()); // Which may have waited long.
            case Message.VoteResponse one when one.granted() -> {
                Long before = votes.putIfAbsent(new Ballot(from, one.term()), one.to());
                if (before != null && before != one.to()) {
                    throw broken("one vote in a term",
                            "member " + from + " voted in term " + one.term()
                                    + " for " + before + " and for " + one.to());
                }
                ballots.put(from, new Ballot(one.to(), one.term()));
                term(promisedTerms, from, one.term());
            }
            case Message.VoteRequest one -> {
                Long before = votes.putIfAbsent(new Ballot(from, one.term()), from);
                if (before != null && before != from) {
                    throw broken("one vote in a term",
                            "member " + from + " voted in term " + one.term()
                                    + " for " + before + " and for itself");
                }
                term(terms, from, one.term());
            }
            case Message.AppendResponse one -> {
                term(promisedTerms, from, one.term());
                commits.acknowledged(from, one.term(), one.index());
                promised(from, new EntryId(one.term(), one.index()));
            }
            default -> {
            }
        }
    }

    private void promised(long member, EntryId id) {
        acknowledged.merge(member, id, Invariants::later);
    }

    private static EntryId later(EntryId one, EntryId other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private void committed(long leader, long term, long index) {
        long counted = commits.committed(leader, term, index);
        if (counted != 0) {
            promised(leader, new EntryId(counted, index));
        }
    }

    /** All members have applied everything. */
    void settle() {
        commits.settle();
    }

    private void own(Message.AppendRequest append) {
        if (append.previous().term() == append.term()) {
            commits.own(append.term(), append.previous().index());
        }
        append.entries().stream().filter(entry -> entry.term() == append.term()).findFirst()
                .ifPresent(entry -> commits.own(append.term(), entry.index()));
    }

    private void leads(long member, long term) {
        wins(member, term);
        term(terms, member, term);
    }

    private void wins(long member, long term) {
        Long before = leaders.putIfAbsent(term, member);
        if (before == null) {
            Set<Long> voted = new TreeSet<>(Set.of(member));
            votes.forEach((ballot, candidate) -> {
                if (ballot.term() == term && candidate == member) {
                    voted.add(ballot.member());
                }
            });
            commits.elected(member, term, voted);
        }
        if (before != null && before != member) {
            throw broken("election safety",
                    "members " + before + " and " + member + " lead in term " + term);
        }
    }

    private void term(Map<Long, Long> of, long member, long term) {
        long before = of.getOrDefault(member, 0L);
        if (term < before) {
            throw broken("terms never go back", "member " + member + " was in term " + before
                    + " and says something in term " + term);
        }
        of.put(member, term);
    }

    /** The member has lost something of its disk, perhaps by damage to a few sectors, and may know nothing of what it said. */
    void forgot(long member, boolean byDamage) {
        conversation.oldPromises().lost(member, byDamage);
        conversation.forgetful().replaced(member);
        lost.merge(member, acknowledged.getOrDefault(member, EntryId.ZERO), Invariants::later);
        terms.remove(member);
        promisedTerms.remove(member);
        acknowledged.remove(member);
        ballots.remove(member);
    }

    /** The member's disk is that of a time when the member knew that it had lost something. */
    void relapsed(long member) {
        relapsed.add(member);
    }

    /** The member is about to come back from its disk, which holds what it has promised. */
    void recovered(long member, DurableLog log) {
        keep(() -> {
            conversation.recovered(member, log);
            conversation.oldPromises().found(member, Optional.of(log));
        });
        EntryId before = lost.remove(member);
        boolean knows = relapsed.remove(member) || log.isEmpty();
        if (before != null && knows && log.lacks(before)) {
            conversation.forgetful().lost(member, appliedMax);
        }
        HardState found = log.hardState();
        EntryId last = log.last();
        EntryId promised = acknowledged.getOrDefault(member, EntryId.ZERO);
        Ballot ballot = ballots.get(member);
        dropOwnVotes(member, found);
        terms.put(member, found.term());
        boolean lacks = log.lacks(promised)
                || (ballot != null && (found.term() < ballot.term()
                        || (ballot.term() == found.term() && ballot.member() != found.vote())));
        if (lacks) {
            throw broken("what was promised is durable",
                    "member " + member + " acknowledged " + promised + " and voted " + ballot
                            + ", but found " + found + " and a log up to " + last);
        }
    }

    /** A candidate asks before its own vote is durable, which counts only then; and its campaign ends with it. */
    private void dropOwnVotes(long member, HardState found) {
        votes.entrySet().removeIf(vote -> vote.getKey().member() == member
                && vote.getValue() == member && !isDurable(vote.getKey(), found)
                && !Objects.equals(leaders.get(vote.getKey().term()), member));
    }

    private static boolean isDurable(Ballot own, HardState found) {
        return found.term() > own.term()
                || (found.term() == own.term() && found.vote() == own.member());
    }

    /** The member is about to come back from a disk whose log nobody can read. */
    void unreadable(long member) {
        conversation.oldPromises().found(member, Optional.empty());
        if (!lost.containsKey(member)) {
            throw broken("an intact log is readable", "member " + member
                    + " cannot read its log, and no disk has done that");
        }
        conversation.forgetful().lost(member, appliedMax);
        dropOwnVotes(member, HardState.EMPTY);
    }

    /** The member's state machine begins with this. */
    void began(long member, AppliedState at) {
        applied.put(member, at.index());
        conversation.holds(member, at.index());
        if (at.index() > 0) {
            commits.configuration(at.index(), at.confState());
        }
        fill(at.index());
        trace.tell("member " + member + " begins at " + at.last());
    }

    /** The member applies a command. */
    void applied(long member, Command command, ApplyResult result) {
        long before = appliedMax;
        effect(member, command.id(), command.data().hashCode(), hash(result));
        if (command.id().index() > before) {
            try {
                firsts.accept(command, result);
            } catch (Violation early) {
                broken = broken == null ? early : broken;
                throw early;
            }
        }
    }

    /** The same in every process, which the messages' own hashes are not. */
    private static int hash(ApplyResult result) {
        return switch (result) {
            case ApplyResult.Done(MessageLite response, long revision) ->
                31 * Arrays.hashCode(response.toByteArray()) + Long.hashCode(revision);
            case ApplyResult.Rejected(EtcdError error) -> error.name().hashCode();
        };
    }

    /** The member applies a change of membership. */
    void changed(long member, EntryId id, ConfState result) {
        conversation.forgetful().configuration(id.index(), result);
        commits.configuration(id.index(), result);
        effect(member, id, result.toString().hashCode(), 0);
    }

    private void effect(long member, EntryId id, int data, int result) {
        long index = id.index();
        long before = applied.getOrDefault(member, 0L);
        if (index <= before) {
            throw broken("apply once",
                    "member " + member + " applies " + id + " after " + before);
        }
        applied.put(member, index);
        keep(() -> conversation.applied(member, id));
        appliedMax = Math.max(appliedMax, index);
        fill(index);
        Effect effect = new Effect(id.term(), data, result);
        Effect known = effects.get((int) index);
        if (known == null) {
            effects.set((int) index, effect);
            trace.count(index, data);
        } else if (!known.equals(effect)) {
            throw broken("state machine safety",
                    "member " + member + " applies " + id + " as " + effect
                            + ", another one " + known);
        }
    }

    private void fill(long index) {
        while (effects.size() <= index) {
            effects.add(null);
        }
    }
}
