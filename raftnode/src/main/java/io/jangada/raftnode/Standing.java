// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.RoleName;
import io.jangada.raft.model.ConfState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * How this member stands in its group, and who wants to hear of it. Changed by the node loop alone;
 * {@link #leader}, {@link #confState}, {@link #isDiskFull} and {@link #tell} are for any thread.
 */
final class Standing {
    private static final Logger LOGGER = System.getLogger(RaftNode.class.getName());

    private final long group;
    private final long member;
    private final CopyOnWriteArrayList<RaftObserver> observers = new CopyOnWriteArrayList<>();
    private long term;
    private RoleName role = RoleName.FOLLOWER;
    /* Written by the node loop, read by any thread. */
    private volatile long leader;
    private volatile boolean logFull;
    private volatile boolean stateFull;
    private volatile ConfState confState;

    /** A follower without a leader, in {@code term}. */
    Standing(long group, long member, long term, ConfState confState) {
        this.group = group;
        this.member = member;
        this.term = term;
        this.confState = confState;
    }

    /** Who leads; 0 if nobody is known to. */
    long leader() {
        return leader;
    }

    /** The members, as the core has them. */
    ConfState confState() {
        return confState;
    }

    /** Whether the log or the state waits for room on the disk. */
    boolean isDiskFull() {
        return logFull || stateFull;
    }

    void term(long now) {
        term = now;
    }

    void confState(ConfState now) {
        confState = now;
    }

    void logFull(boolean now) {
        boolean before = isDiskFull();
        logFull = now;
        tellOfRoom(before);
    }

    void stateFull(boolean now) {
        boolean before = isDiskFull();
        stateFull = now;
        tellOfRoom(before);
    }

    private void tellOfRoom(boolean before) {
        boolean now = isDiskFull();
        if (now != before) {
            tell(one -> one.diskFull(now));
        }
    }

    /** The log's force took {@code forceNanos}, longer than it should. Node loop. */
    void diskSlow(long forceNanos) {
        Duration took = Duration.ofNanos(forceNanos);
        tell(one -> one.diskSlow(took));
    }

    void leader(long now) {
        leader = now;
        LOGGER.log(Level.INFO, "leader changed group={0} member={1} leader={2} term={3}", group,
                Long.toHexString(member), Long.toHexString(now), term);
        tell(one -> one.leaderChanged(now, term));
    }

    void role(RoleName now) {
        if (role != now) {
            role = now;
            tell(one -> one.roleChanged(now, term));
        }
    }

    /** Tells {@code observer} what is, and from now on what changes. */
    void add(RaftObserver observer) {
        observers.add(observer);
        if (leader != 0) {
            observer.leaderChanged(leader, term);
        }
        observer.roleChanged(role, term);
    }

    /**
     * Tells all observers that the group has stopped. What one of them throws is logged: nothing of the group is
     * left to stop, and the host's other groups are not concerned.
     */
    void stopped(Optional<Throwable> failure) {
        tell(one -> {
            try {
                one.stopped(failure);
            } catch (RuntimeException unexpected) {
                LOGGER.log(Level.WARNING, "an observer failed, which heard that the group has"
                        + " stopped group=" + group, unexpected);
            }
        });
    }

    /** Tells all observers; any thread. */
    void tell(Consumer<RaftObserver> news) {
        observers.forEach(news);
    }
}
