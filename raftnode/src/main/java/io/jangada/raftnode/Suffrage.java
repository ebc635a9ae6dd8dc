// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether this member may vote in a group. A vote is a promise made with all that was promised before in
 * mind, so that a member that has lost part of its log or its last vote must not give any (Raft thesis
 * 3.8). How that is found out, and how it ends:
 *
 * <ol>
 * <li>After each start a member abstains until a majority, itself included, has told what it knows of
 * it: which run on this data directory came last, and how far the log was that it had acknowledged
 * then; and a moment longer if others have not, who may know better. All that is known by somebody must be here. Who knows of
 * another run is waited for, until it is clear whether that one still runs.
 * <li>If something is missing (the disk was wiped, restored from an older copy, or damaged), the loss gets
 * a token, which is remembered durably, and the member goes on abstaining, after further starts too. It
 * follows, but what it acknowledges counts for nothing: see {@link #counts}.
 * <li>It tells the leader, who makes it a learner, brings it up to date, and proposes to make it a voter
 * again, with the token. See {@link Rejoin}.
 * <li>When that change is applied here, the member has all that was committed before it: it votes again.
 * What it may have voted in the present term it has answered as given to the leader of that term.
 * </ol>
 *
 * <p>Belongs to the node loop, but for what says otherwise.
 */
final class Suffrage {
    /** How long a majority that has answered is not enough: who is there answers within that. */
    static final int PATIENCE_TICKS = 3;
    private static final Logger LOGGER = System.getLogger(RaftNode.class.getName());

    /** What this member has lost, durably remembered. */
    interface Losses {
        /** Whether something is lost in the group. */
        boolean has(long group);

        /** Whether {@code token} names what is lost in the group. */
        boolean isLoss(long group, long token);

        /** Something is lost. */
        void add(long group);

        /** What was lost is made good; {@code then} runs on the node loop when that is durable. */
        void madeGood(long group, Runnable then);
    }

    private final GroupConfig config;
    private final long member;
    private final EntryId atStart;
    private final Standing standing;
    private final Consumer<LocalEvent> core;
    private final Losses losses;
    private final Set<Long> answered = new HashSet<>();
    /** Peers that know of a run which is not this one, and may still run. */
    private final Set<Long> doubting = new HashSet<>();
    private final Map<Long, EntryId> acknowledged = new ConcurrentHashMap<>();
    /** The losses after which peers have become voters again. */
    private final Map<Long, Long> promotions = new ConcurrentHashMap<>();
    private boolean begun;
    /** Since a majority has answered. */
    private int majorityTicks;
    /** Whether what earlier runs had lost was made good in this one. */
    private boolean repaired;
    /** Written by the node loop, read by any thread. */
    private volatile boolean votes;

    /**
     * Of a member that does not vote yet.
     *
     * @param atStart the term that was durable, and the index of the last entry
     */
    Suffrage(GroupConfig config, long member, EntryId atStart, Standing standing,
            Consumer<LocalEvent> core, Losses losses) {
        this.config = config;
        this.member = member;
        this.atStart = atStart;
        this.standing = standing;
        this.core = core;
        this.losses = losses;
    }

    /** Abstains, before the core hears of anything else, and looks whether it must. */
    void begin() {
        begun = true;
        core.accept(new LocalEvent.Abstain(true));
        look(0);
    }

    /** Whether this member may vote; any thread. */
    boolean votes() {
        return votes;
    }

    /** Whether this member knows what it has forgotten, if anything; any thread. */
    boolean isKnown() {
        return votes || losses.has(config.group());
    }

    /** 100 ms have passed; may come before this has begun. */
    void tick() {
        look(1);
    }

    /** Looks whether enough is known, after so many ticks more. */
    private void look(int ticks) {
        if (!begun || votes || losses.has(config.group())) {
            return;
        }
        Set<Long> others = voters();
        int majorityWithThis = others.size() / 2;
        others.remove(member);
        answered.retainAll(others);
        doubting.retainAll(others);
        boolean haveAll = answered.size() == others.size();
        if (!doubting.isEmpty() || (!haveAll && answered.size() < majorityWithThis)) {
            return;
        }
        majorityTicks += ticks;
        if (haveAll || majorityTicks >= PATIENCE_TICKS) {
            votes = true;
            core.accept(new LocalEvent.Abstain(false));
        }
    }

    private Set<Long> voters() {
        Set<Long> voters = new TreeSet<>(standing.confState().voters());
        voters.addAll(standing.confState().votersOutgoing());
        if (voters.isEmpty()) {
            config.members().forEach(one -> voters.add(one.id()));
        }
        return voters;
    }

    /** {@code peer} has said what it knows: this member had {@code claim} at least, a term and an index. */
    void answered(long peer, EntryId claim) {
        if (!repaired && claim.compareTo(atStart) > 0) {
            forget("peer " + Long.toHexString(peer) + " knows that it had term " + claim.term()
                    + " and index " + claim.index() + ", but it began with " + atStart.term()
                    + " and " + atStart.index());
        }
        answered.add(peer);
        doubting.remove(peer);
        look(0);
    }

    /** {@code peer} knows of another run of this member, and cannot tell yet whether that is over. */
    void doubted(long peer) {
        doubting.add(peer);
    }

    /** Something is lost. */
    void forget(String why) {
        if (losses.has(config.group())) {
            return;
        }
        LOGGER.log(Level.WARNING, "member has forgotten something and does not vote until it has"
                + " caught up as a learner group={0} member={1} reason=\"{2}\"", config.group(),
                Long.toHexString(member), why);
        votes = false;
        core.accept(new LocalEvent.Abstain(true));
        losses.add(config.group());
    }

    /** A change is applied that makes this member a voter again, after the loss {@code token}. */
    void promoted(long token) {
        if (!losses.isLoss(config.group(), token)) {
            return;
        }
        repaired = true; // Before it is durable: what is claimed meanwhile is of before, too.
        losses.madeGood(config.group(), () -> {
            if (losses.has(config.group())) {
                return; // Another one was found since.
            }
            LOGGER.log(Level.INFO, "member has caught up and votes again group={0} member={1}",
                    config.group(), Long.toHexString(member));
            votes = true;
            core.accept(new LocalEvent.Abstain(false));
        });
    }

    // What the peers are worth.

    /** {@code peer} is made a voter again after the loss {@code token}; before that is in force. Any thread. */
    void peerPromoted(long peer, long token) {
        promotions.put(peer, token);
    }

    /**
     * Whether what {@code message} confirms counts. It does not while its sender, a voter, does not yet
     * know that it has forgotten nothing, or knows that it has: it may have promised a later leader not
     * to confirm it. Any thread.
     *
     * @param loss what the sender has lost in this group; null if nothing
     * @param isSettled whether the sender knows what it has lost
     */
    boolean counts(Message message, MemberRecord.@Nullable Forgotten loss, boolean isSettled) {
        if (message instanceof Message.VoteResponse answer && answer.granted()) {
            acknowledged(answer.from(), new EntryId(answer.term(), 0));
        }
        boolean confirms = message instanceof Message.AppendResponse
                || message instanceof Message.HeartbeatResponse;
        if (!confirms) {
            return true;
        }
        ConfState conf = standing.confState();
        boolean isVoter = conf.voters().contains(message.from())
                || conf.votersOutgoing().contains(message.from());
        if (isVoter && !isWhole(message.from(), loss, isSettled)) {
            return false;
        }
        if (message instanceof Message.AppendResponse answer) {
            acknowledged(answer.from(), new EntryId(answer.term(), answer.index()));
        }
        return true;
    }

    /* A vote too: its term is durable before it leaves. */
    private void acknowledged(long peer, EntryId id) {
        acknowledged.merge(peer, id, Suffrage::later);
    }

    /**
     * Whether what {@code peer} confirms as a voter counts: it knows what it has lost, and that is nothing, or made
     * good. Any thread; parameters as for {@link #counts}.
     */
    boolean isWhole(long peer, MemberRecord.@Nullable Forgotten loss, boolean isSettled) {
        if (loss == null || !isSettled) {
            return isSettled;
        }
        Long promotion = promotions.get(peer);
        return promotion != null && promotion == loss.token();
    }

    /** Takes what {@code peer} has acknowledged, votes included, since the last call; {@link EntryId#ZERO} if nothing. Any thread. */
    EntryId takeAcknowledged(long peer) {
        EntryId taken = acknowledged.remove(peer);
        return taken == null ? EntryId.ZERO : taken;
    }

    static EntryId later(EntryId one, EntryId other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Whether those voters that remain without {@code peer} can go on without it. */
    static boolean canSpare(long peer, ConfState conf, Predicate<Long> reachable) {
        long rest = conf.voters().stream().filter(id -> id != peer).count();
        long there = conf.voters().stream().filter(id -> id != peer && reachable.test(id))
                .count();
        return there > rest / 2;
    }
}
