// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.quorum.IdSet;
import io.jangada.raftnode.MembershipCall.Step;
import io.jangada.raftnode.MembershipCall.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The steps that calls of {@link Membership} are made of. Each belongs to one call, on the node loop. */
final class MembershipSteps {
    static final Verdict NEXT = new Verdict.Next();
    private static final Verdict WAIT = new Verdict.Wait();

    private MembershipSteps() {}

    /** Ends the call with what {@code check} finds, if anything. */
    static Step check(Function<MembershipView, Optional<ChangeResult>> check) {
        return view -> check.apply(view).<Verdict>map(Verdict.End::new).orElse(NEXT);
    }

    static Verdict.End refused(ChangeRefusal reason, MembershipView view, String explanation) {
        return new Verdict.End(new ChangeResult.Refused(reason, view.leader(), explanation));
    }

    static Verdict.End notLeader(MembershipView view) {
        return refused(ChangeRefusal.NOT_LEADER, view,
                "member " + Long.toHexString(view.member()) + " does not lead");
    }

    /**
     * Waits until majorities of the present voters and of those to come are active. Who has just been
     * counted as active counts anew from there, so that a moment of patience is needed.
     */
    static final class QuorumKept implements Step {
        private final UnaryOperator<IdSet> votersToCome;
        private final long patienceTicks;
        private long lastTick = -1;

        QuorumKept(UnaryOperator<IdSet> votersToCome, long patienceTicks) {
            this.votersToCome = votersToCome;
            this.patienceTicks = patienceTicks;
        }

        @Override
        public Verdict look(MembershipView view) {
            if (!view.leads()) {
                return notLeader(view);
            }
            IdSet now = view.config().incoming();
            IdSet then = votersToCome.apply(now);
            if (hasQuorum(view, now) && hasQuorum(view, then)) {
                return NEXT;
            }
            lastTick = lastTick < 0 ? view.nowTick() + patienceTicks : lastTick;
            return view.nowTick() < lastTick
                    ? WAIT
                    : refused(ChangeRefusal.WOULD_LOSE_QUORUM, view,
                            "of the voters " + then + " only " + view.active(then)
                                    + " are active, of the present " + now + " "
                                    + view.active(now));
        }

        private static boolean hasQuorum(MembershipView view, IdSet voters) {
            return view.active(voters) > voters.size() / 2;
        }
    }

    /**
     * Waits until a learner has caught up: rounds, each of which brings it what the leader's log had when
     * the round began, until one took no longer than an election timeout (Raft thesis 4.2.1).
     */
    static final class CaughtUp implements Step {
        private final long id;
        private final long roundTicksMax;
        private final long patienceTicks;
        private long lastTick = -1;
        private long roundTick;
        private long roundIndex;

        CaughtUp(long id, long roundTicksMax, long patienceTicks) {
            this.id = id;
            this.roundTicksMax = roundTicksMax;
            this.patienceTicks = patienceTicks;
        }

        @Override
        public Verdict look(MembershipView view) {
            if (!view.leads()) {
                return notLeader(view);
            }
            if (!view.isMember(id)) {
                return refused(ChangeRefusal.UNKNOWN_MEMBER, view,
                        "member " + Long.toHexString(id) + " was removed meanwhile");
            }
            if (lastTick < 0) {
                lastTick = view.nowTick() + patienceTicks;
                beginRound(view);
            }
            if (view.match(id) >= roundIndex && view.isActive(id)) {
                if (view.nowTick() - roundTick <= roundTicksMax) {
                    return NEXT;
                }
                beginRound(view);
            }
            return view.nowTick() < lastTick
                    ? WAIT
                    : refused(ChangeRefusal.NOT_CAUGHT_UP, view, "member "
                            + Long.toHexString(id) + " has not reached index " + roundIndex
                            + " within " + patienceTicks + " ticks; it is a learner");
        }

        private void beginRound(MembershipView view) {
            roundTick = view.nowTick();
            roundIndex = view.lastIndex();
        }
    }

    /** Makes a change, if there is one to make, and waits for its end. */
    static final class Change implements Step {
        private final Function<MembershipView, Optional<ConfChange>> change;
        private final Function<ConfChange, CompletableFuture<MembershipResult>> propose;
        private @Nullable CompletableFuture<MembershipResult> proposed;
        private boolean removesThis;

        Change(Function<MembershipView, Optional<ConfChange>> change,
                Function<ConfChange, CompletableFuture<MembershipResult>> propose) {
            this.change = change;
            this.propose = propose;
        }

        @Override
        public Verdict look(MembershipView view) {
            if (proposed == null) {
                Optional<ConfChange> wanted = change.apply(view);
                if (wanted.isEmpty()) {
                    return NEXT;
                }
                removesThis = wanted.get().changes().stream()
                        .anyMatch(one -> one.type() == ConfChangeType.REMOVE_NODE
                                && one.nodeId() == view.member());
                proposed = propose.apply(wanted.get());
            }
            if (removesThis && view.isRemoved()) {
                return NEXT; // Those who remain need not tell it of the commit before they part.
            }
            MembershipResult result = proposed.getNow(null);
            return switch (result) {
                case null -> WAIT;
                case MembershipResult.Changed ignored -> NEXT;
                case MembershipResult.Refused refused ->
                    refused(ChangeRefusal.NOT_TAKEN, view, refused.reason().name());
                case MembershipResult.Invalid invalid ->
                    refused(ChangeRefusal.CHANGE_IN_PROGRESS, view, invalid.explanation());
                case MembershipResult.Unknown unknown -> new Verdict.End(
                        new ChangeResult.Unknown(unknown.cause(), view.leader()));
            };
        }
    }

    /** Waits until no joint configuration is left open; a leader leaves it by itself. */
    static final class Settled implements Step {
        private final long patienceTicks;
        private long lastTick = -1;

        Settled(long patienceTicks) {
            this.patienceTicks = patienceTicks;
        }

        @Override
        public Verdict look(MembershipView view) {
            if (!view.config().isJoint()) {
                return NEXT;
            }
            lastTick = lastTick < 0 ? view.nowTick() + patienceTicks : lastTick;
            return view.nowTick() < lastTick
                    ? WAIT
                    : new Verdict.End(new ChangeResult.Unknown(UnknownCause.TIMED_OUT,
                            view.leader()));
        }
    }

    /** Hands leadership over, if it is here. */
    static final class HandedOver implements Step {
        private final Function<MembershipView, CompletableFuture<?>> handOver;
        private @Nullable CompletableFuture<?> begun;

        HandedOver(Function<MembershipView, CompletableFuture<?>> handOver) {
            this.handOver = handOver;
        }

        @Override
        public Verdict look(MembershipView view) {
            if (!view.leads() && view.leader() != 0 && view.leader() != view.member()) {
                return NEXT;
            }
            if (begun == null) {
                begun = handOver.apply(view);
            }
            return begun.isDone()
                    ? refused(ChangeRefusal.LEADS, view, "nobody took leadership over")
                    : WAIT;
        }
    }
}
