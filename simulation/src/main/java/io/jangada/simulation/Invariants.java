// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.MessageLite;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.Command;
import io.jangada.server.apply.ApplyResult;
import io.jangada.server.error.EtcdError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Map<Long, Long> terms = new HashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private final Map<Long, Long> applied = new HashMap<>();
    private long appliedMax;
    private @Nullable Violation broken;
    private BiConsumer<Command, ApplyResult> firsts = (command, result) -> {};

    Invariants(Trace trace) {
        this.trace = trace;
        effects.add(new Effect(0, 0, 0));
    }

    /** The first promise that was seen broken, which a member may have taken for a failure of its own. */
    Optional<Violation> broken() {
        return Optional.ofNullable(broken);
    }

    /** {@code member} has failed, and no disk has done that. */
    Violation unexpected(long member, Throwable failure) {
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

    /** {@code message} leaves its sender, whom it binds from now on. */
    void sent(Message message) {
        long from = message.from();
        switch (message) {
            case Message.AppendRequest one -> leads(from, one.term());
            case Message.Heartbeat one -> leads(from, one.term());
            case Message.InstallSnapshot one -> leads(from, one.term());
            case Message.VoteResponse one when one.granted() -> {
                Long before = votes.putIfAbsent(new Ballot(from, one.term()), one.to());
                if (before != null && before != one.to()) {
                    throw broken("one vote in a term",
                            "member " + from + " voted in term " + one.term()
                                    + " for " + before + " and for " + one.to());
                }
                term(from, one.term());
            }
            case Message.VoteRequest one -> {
                Long before = votes.putIfAbsent(new Ballot(from, one.term()), from);
                if (before != null && before != from) {
                    throw broken("one vote in a term",
                            "member " + from + " voted in term " + one.term()
                                    + " for " + before + " and for itself");
                }
                term(from, one.term());
            }
            case Message.AppendResponse one -> term(from, one.term());
            default -> {
            }
        }
    }

    private void leads(long member, long term) {
        Long before = leaders.putIfAbsent(term, member);
        if (before != null && before != member) {
            throw broken("election safety",
                    "members " + before + " and " + member + " lead in term " + term);
        }
        term(member, term);
    }

    private void term(long member, long term) {
        long before = terms.getOrDefault(member, 0L);
        if (term < before) {
            throw broken("terms never go back", "member " + member + " was in term " + before
                    + " and says something in term " + term);
        }
        terms.put(member, term);
    }

    /** The member has lost its disk, and may know nothing of what it said. */
    void forgot(long member) {
        terms.remove(member);
    }

    /** The member's state machine begins with this. */
    void began(long member, AppliedState at) {
        applied.put(member, at.index());
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
    void changed(long member, EntryId id, int change) {
        effect(member, id, change, 0);
    }

    private void effect(long member, EntryId id, int data, int result) {
        long index = id.index();
        long before = applied.getOrDefault(member, 0L);
        if (index <= before) {
            throw broken("apply once",
                    "member " + member + " applies " + id + " after " + before);
        }
        applied.put(member, index);
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
