// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.node.Node;
import io.jangada.raft.quorum.IdSet;
import io.jangada.raftnode.MembershipCall.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a group's membership, one call each: what {@link RaftNode#changeMembership} makes in single
 * steps, with the waiting and the caution around it (Raft thesis 4). Got from
 * {@link RaftNode#membership}. Any thread may call, nothing blocks, and each future ends: the waiting is
 * bounded by the times given, each step by the proposal timeout. Futures are completed by the group's
 * loops.
 *
 * <p>What can cost the group its quorum is done on the leader alone, which knows who is active: elsewhere
 * it is refused as {@link ChangeRefusal#NOT_LEADER}, with the leader named. Adding a learner and removing
 * one is sent on to the leader. One call at a time on each member.
 *
 * <p>The addresses of a new member travel with the change: each member's network learns the way when the
 * change comes into force, and a member that joins learns those of all others with its first snapshot. A
 * member that is gone is taken out of the network once it has had an election timeout to hear of it.
 */
public final class Membership {
    private final GroupParts parts;
    private final Node node;
    private final Ticker ticker;
    private final LongPredicate counts;
    private final Function<ConfChange, CompletableFuture<MembershipResult>> propose;
    private final Function<Long, CompletableFuture<TransferResult>> transfer;
    private final BooleanSupplier stopped;
    /** Node loop: the call under way; null if none is. */
    private @Nullable MembershipCall current;
    /** Node loop: whether a peer says that this member was removed. */
    private boolean removed;

    /**
     * Without a call under way; {@code propose} and {@code transfer} are the group's.
     *
     * @param counts whether a peer can be sent to, and what it confirms counts
     */
    Membership(GroupParts parts, Node node, Ticker ticker, LongPredicate counts,
            Function<ConfChange, CompletableFuture<MembershipResult>> propose,
            Function<Long, CompletableFuture<TransferResult>> transfer,
            BooleanSupplier stopped) {
        this.parts = parts;
        this.node = node;
        this.ticker = ticker;
        this.counts = counts;
        this.propose = change -> thenLook(propose.apply(change));
        this.transfer = to -> thenLook(transfer.apply(to));
        this.stopped = stopped;
    }

    /** Adds a learner, which gets the log and does not vote. Any member takes the call. */
    public CompletableFuture<ChangeResult> addLearner(Member member) {
        return addLearner(member, Bytes.EMPTY);
    }

    /**
     * As {@link #addLearner(Member)}.
     *
     * @param note what the state machine is told with the change: see {@link #note}
     */
    public CompletableFuture<ChangeResult> addLearner(Member member, Bytes note) {
        return begin(List.of(
                MembershipSteps.check(view -> view.isMember(member.id())
                        ? refusal(view, ChangeRefusal.ALREADY_THERE, member.id())
                        : Optional.empty()),
                change(ConfChangeType.ADD_LEARNER_NODE, member, note), settled()));
    }

    /**
     * Tells all members where a member is now. Any member takes the call.
     *
     * @param note what the state machine is told with the change: see {@link #note}
     */
    public CompletableFuture<ChangeResult> update(Member member, Bytes note) {
        return begin(List.of(MembershipSteps.check(view -> unlessMember(view, member.id())),
                change(ConfChangeType.UPDATE_NODE, member, note)));
    }

    /**
     * Adds a voter: as a learner first, which becomes a voter, through a joint configuration, once it has
     * caught up (Raft thesis 4.2.1). One that is a learner already is taken from there. On the leader.
     *
     * @param within how long it may take to catch up; if it does not, it stays a learner
     */
    public CompletableFuture<ChangeResult> addVoter(Member member, Duration within) {
        return begin(List.of(
                MembershipSteps.check(view -> view.config().isVoter(member.id())
                        ? refusal(view, ChangeRefusal.ALREADY_THERE, member.id())
                        : Optional.empty()),
                onLeader(), learnerFirst(member), settled(), caughtUp(member.id(), within),
                quorumKept(voters -> voters.with(member.id())),
                joint(List.of(single(ConfChangeType.ADD_NODE, member.id())),
                        List.of(member)),
                settled()));
    }

    /**
     * Makes a learner a voter, through a joint configuration, if it has caught up, or does within an
     * election timeout. On the leader.
     */
    public CompletableFuture<ChangeResult> promote(long id) {
        Duration timeout = parts.config().tick()
                .multipliedBy(parts.config().electionTimeoutTicks());
        return begin(List.of(
                MembershipSteps.check(view -> view.config().isVoter(id)
                        ? refusal(view, ChangeRefusal.ALREADY_THERE, id)
                        : unlessMember(view, id)),
                onLeader(), caughtUp(id, timeout), quorumKept(voters -> voters.with(id)),
                joint(List.of(single(ConfChangeType.ADD_NODE, id)), List.of()), settled()));
    }

    /**
     * Takes a member out. A voter on the leader only; the leader itself hands over first, and then asks
     * its successor. Whoever is taken out should be stopped then; it can come back as a new member with
     * empty directories.
     */
    public CompletableFuture<ChangeResult> remove(long id) {
        ConfChangeSingle removal = single(ConfChangeType.REMOVE_NODE, id);
        Step quorumKept = quorumKept(voters -> voters.without(id));
        Step handedOver = new MembershipSteps.HandedOver(this::handOver);
        return begin(List.of(
                MembershipSteps.check(view -> unlessMember(view, id)),
                view -> view.config().isVoter(id) ? quorumKept.look(view) : MembershipSteps.NEXT,
                view -> id == parts.memberId() && view.config().isVoter(id)
                        ? handedOver.look(view)
                        : MembershipSteps.NEXT,
                new MembershipSteps.Change(
                        view -> Optional.of(simple(removal, List.of())), propose),
                settled()));
    }

    /**
     * Replaces a member that is dead: the new one catches up as a learner, and then takes the other's
     * place in one joint change, so that the group is never weaker than it was. On the leader.
     *
     * @param within how long it may take to catch up; if it does not, it stays a learner
     */
    public CompletableFuture<ChangeResult> replace(long dead, Member member, Duration within) {
        if (dead == member.id()) {
            throw new IllegalArgumentException("member " + Long.toHexString(dead)
                    + " cannot replace itself: a member that lost its data needs a new id");
        }
        return begin(List.of(
                MembershipSteps.check(view -> unlessMember(view, dead)),
                MembershipSteps.check(view -> view.config().isVoter(member.id())
                        ? refusal(view, ChangeRefusal.ALREADY_THERE, member.id())
                        : Optional.empty()),
                onLeader(),
                MembershipSteps.check(view -> view.member() == dead
                        ? refusal(view, ChangeRefusal.LEADS, dead)
                        : Optional.empty()),
                learnerFirst(member), settled(), caughtUp(member.id(), within),
                quorumKept(voters -> voters.without(dead).with(member.id())),
                joint(List.of(single(ConfChangeType.REMOVE_NODE, dead),
                        single(ConfChangeType.ADD_NODE, member.id())), List.of(member)),
                settled()));
    }

    /** The members whose addresses travel with {@code change}; none if no call of this class made it. */
    public static List<Member> members(ConfChange change) {
        return MemberAddresses.decode(change.context());
    }

    /** What the state machine is told with {@code change}; empty if it is nothing. */
    public static Bytes note(ConfChange change) {
        return MemberAddresses.note(change.context());
    }

    // The steps.

    private static Optional<ChangeResult> refusal(MembershipView view, ChangeRefusal reason,
            long id) {
        return Optional.of(new ChangeResult.Refused(reason, view.leader(),
                "member " + Long.toHexString(id) + " in " + view.config()));
    }

    private static Optional<ChangeResult> unlessMember(MembershipView view, long id) {
        return view.isMember(id)
                ? Optional.empty()
                : refusal(view, ChangeRefusal.UNKNOWN_MEMBER, id);
    }

    private static Step onLeader() {
        return view -> view.leads() ? MembershipSteps.NEXT : MembershipSteps.notLeader(view);
    }

    private Step learnerFirst(Member member) {
        ConfChange change = simple(single(ConfChangeType.ADD_LEARNER_NODE, member.id()),
                List.of(member));
        return new MembershipSteps.Change(view -> view.isLearner(member.id())
                ? Optional.empty()
                : Optional.of(change), propose);
    }

    private Step change(ConfChangeType type, Member member, Bytes note) {
        ConfChange change = new ConfChange.V2(ConfChangeTransition.AUTO,
                List.of(single(type, member.id())),
                MemberAddresses.encode(List.of(member), note));
        return new MembershipSteps.Change(view -> Optional.of(change), propose);
    }

    private Step joint(List<ConfChangeSingle> steps, List<Member> addresses) {
        ConfChange change = new ConfChange.V2(ConfChangeTransition.JOINT_IMPLICIT, steps,
                MemberAddresses.encode(addresses));
        return new MembershipSteps.Change(view -> Optional.of(change), propose);
    }

    private static ConfChange simple(ConfChangeSingle step, List<Member> addresses) {
        return new ConfChange.V2(ConfChangeTransition.AUTO, List.of(step),
                MemberAddresses.encode(addresses));
    }

    private static ConfChangeSingle single(ConfChangeType type, long id) {
        return new ConfChangeSingle(type, id);
    }

    private Step caughtUp(long id, Duration within) {
        return new MembershipSteps.CaughtUp(id, parts.config().electionTimeoutTicks(),
                ticker.in(within.toNanos()));
    }

    private Step quorumKept(UnaryOperator<IdSet> votersToCome) {
        return new MembershipSteps.QuorumKept(votersToCome,
                parts.config().electionTimeoutTicks());
    }

    private Step settled() {
        return new MembershipSteps.Settled(
                ticker.in(parts.config().proposalTimeout().toNanos()));
    }

    private CompletableFuture<?> handOver(MembershipView view) {
        long best = 0;
        for (long voter : view.config().incoming().toList()) {
            if (voter != view.member() && view.isActive(voter)
                    && (best == 0 || view.match(voter) > view.match(best))) {
                best = voter;
            }
        }
        return transfer.apply(best);
    }

    // The node loop.

    private CompletableFuture<ChangeResult> begin(List<Step> steps) {
        CompletableFuture<ChangeResult> future = new CompletableFuture<>();
        /* Not by the guarded loop, which forgets what it has when the group stops. */
        parts.host().nodeLoop().execute(() -> begin(new MembershipCall(steps, future)));
        if (stopped.getAsBoolean()) {
            future.complete(stoppedResult());
        }
        return future;
    }

    private void begin(MembershipCall call) {
        if (stopped.getAsBoolean()) {
            call.end(stoppedResult());
        } else if (current != null && !current.isOver()) {
            call.end(new ChangeResult.Refused(ChangeRefusal.CHANGE_IN_PROGRESS,
                    parts.standing().leader(), "another call is under way on this member"));
        } else {
            current = call;
            look(call);
        }
    }

    private <T> CompletableFuture<T> thenLook(CompletableFuture<T> awaited) {
        CompletableFuture<?> unusedEnd = awaited
                .thenRun(() -> parts.nodeLoop().execute(this::look));
        return awaited;
    }

    private static ChangeResult stoppedResult() {
        return new ChangeResult.Refused(ChangeRefusal.STOPPED, 0, DropReason.STOPPED.name());
    }

    private void look(MembershipCall call) {
        CompletableFuture<?> unusedEnd = node.fullStatus().thenAccept(core -> {
            if (call.look(new MembershipView(parts.memberId(), core, counts,
                    removed, ticker.now()))) {
                look(call);
            }
        });
    }

    /** To be called at each tick, and when something that a call may wait for has ended. */
    void look() {
        MembershipCall call = current;
        if (call != null) {
            if (call.isOver()) {
                current = null;
            } else {
                look(call);
            }
        }
    }

    /** A peer says that this member was removed. */
    void removed() {
        removed = true;
        look();
    }

    /** The group stops. */
    void stop() {
        if (current != null) {
            current.end(new ChangeResult.Unknown(UnknownCause.STOPPED,
                    parts.standing().leader()));
        }
    }
}
