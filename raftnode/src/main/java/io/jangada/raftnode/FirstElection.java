// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.node.Node;
import java.util.function.LongPredicate;

/**
 * Shortens the wait for a first leader after a start, as etcd's initial-election-tick-advance does: a
 * member that is the only voter campaigns at once; another one skips most of its first election timeout
 * as soon as it reaches a majority, since a leader, if there is one, is heard within a heartbeat then.
 * Before that a campaign would be lost, and cost another whole timeout. A tick later the first of those
 * that reach each other campaigns, by id, and the others' random timeouts are there for the case that it
 * fails: members that start together do not split their votes. It asks for pre-votes, so that a leader
 * it has not heard yet is not disturbed. Used by the node loop.
 */
final class FirstElection {
    /** What is left of the timeout, besides its random part, for a leader to be heard. */
    private static final int TICKS_LEFT = 2;
    /** Election timeouts after which members wait as ever. */
    private static final int TIMEOUTS_MAX = 5;
    /** Ticks given at a time: the core takes only so many at once. */
    private static final int TICKS_AT_ONCE = 64;

    /** What this does to the core. */
    interface Core {
        /** Begins a campaign. */
        void campaign();

        /** Counts a tick. */
        void tick();

        /** The core behind {@code node}. */
        static Core of(Node node) {
            return new Core() {
                @Override
                public void campaign() {
                    node.campaign();
                }

                @Override
                public void tick() {
                    node.tick();
                }
            };
        }
    }

    private final Core core;
    private final LongPredicate connected;
    private final long member;
    private final long lastTick;
    private int ticksToSkip;
    private final boolean preVote;
    private boolean over;

    /**
     * For a member that has just started.
     *
     * @param member this member
     * @param connected whether a peer can be sent to
     */
    FirstElection(GroupConfig config, long member, LongPredicate connected, Core core) {
        this.core = core;
        this.connected = connected;
        this.member = member;
        lastTick = (long) TIMEOUTS_MAX * config.electionTimeoutTicks();
        ticksToSkip = config.electionTimeoutTicks() - TICKS_LEFT;
        preVote = config.preVote();
        over = !config.earlyElection();
    }

    /** To be called at the start, with {@code now} 0, and at each tick, until a leader is known. */
    void look(long now, long leader, ConfState voters) {
        if (over) {
            return;
        }
        if (leader != 0 || now > lastTick) {
            over = true;
        } else if (voters.isJoint() || !voters.voters().contains(member)) {
            return; // Its membership may still come with the log.
        } else if (voters.voters().size() == 1) {
            core.campaign();
        } else if (reachesMajority(voters)) {
            hurry(voters);
        }
    }

    private void hurry(ConfState voters) {
        if (ticksToSkip > 0) {
            int ticks = Math.min(ticksToSkip, TICKS_AT_ONCE);
            ticksToSkip -= ticks;
            for (int i = 0; i < ticks; i++) {
                core.tick();
            }
        } else {
            over = true;
            if (preVote && isFirst(voters)) {
                core.campaign();
            }
        }
    }

    private boolean isFirst(ConfState voters) {
        return voters.voters().stream()
                .noneMatch(voter -> Long.compareUnsigned(voter, member) < 0
                        && connected.test(voter));
    }

    private boolean reachesMajority(ConfState voters) {
        long reached = voters.voters().stream()
                .filter(voter -> voter == member || connected.test(voter)).count();
        return reached > voters.voters().size() / 2;
    }
}
