// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.raft.model.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Members in one process, connected without sockets: a {@link Network} for each, whose messages go
 * through the codec and are delivered as tasks of the recipient's executor, in the order in which
 * they were sent, unless a {@link Courier} sees to something else. With executors that are deterministic, so is
 * everything here. Links can be cut, one direction at a time. Thread-safe: one lock, held for lookups only.
 */
public final class LoopbackHub {
    private record Link(long from, long to) {}

    private final Map<Long, LoopbackNetwork> members = new TreeMap<>();
    private final Set<Link> cut = new HashSet<>();
    private final Set<Long> isolated = new HashSet<>();

    private final Courier courier;

    /** A hub without members, where everything arrives at once and in order. */
    public LoopbackHub() {
        this(Courier.PROMPT);
    }

    /** A hub without members, where {@code courier} carries everything. */
    public LoopbackHub(Courier courier) {
        this.courier = courier;
    }

    /**
     * The network of a member. Peers need not be added: every member of the hub is reachable while
     * it is started, unless one side has removed the other.
     *
     * @param member the member's id; never 0. A member that joins again replaces its closed network
     * @param executor runs what is delivered to the member, in order, one task at a time
     * @throws IllegalArgumentException if the id is 0 or in use
     */
    public synchronized Network join(long member, Executor executor) {
        if (member == 0 || members.containsKey(member)) {
            throw new IllegalArgumentException("member id " + member + " is 0 or in use");
        }
        var network = new LoopbackNetwork(this, member, executor);
        members.put(member, network);
        return network;
    }

    /** Drops everything from {@code from} to {@code to} until {@link #heal}. */
    public synchronized void cut(long from, long to) {
        cut.add(new Link(from, to));
    }

    /** Cuts {@code member} off from all others, in both directions, until {@link #heal}. */
    public synchronized void isolate(long member) {
        isolated.add(member);
    }

    /** Whether what {@code from} sends to {@code to} is dropped. */
    public synchronized boolean isCut(long from, long to) {
        return isolated.contains(from) || isolated.contains(to)
                || cut.contains(new Link(from, to));
    }

    /** Restores all links. */
    public synchronized void heal() {
        cut.clear();
        isolated.clear();
    }

    /** Breaks the connection by which {@code from} sends to {@code to}, until {@link #connect}. */
    public void disconnect(long from, long to) {
        LoopbackNetwork sender = member(from);
        if (sender != null) {
            sender.lose(to);
        }
    }

    /** Has {@code from} connect to {@code to} again, if both are started and the link leads there. */
    public void connect(long from, long to) {
        LoopbackNetwork sender = member(from);
        LoopbackNetwork recipient = reach(from, to);
        if (sender != null && recipient != null && sender.isStarted() && recipient.isStarted()) {
            sender.meet(to);
        }
    }

    private synchronized @Nullable LoopbackNetwork member(long id) {
        return members.get(id);
    }

    /** Has {@code started} and all who can reach it meet. */
    void announce(LoopbackNetwork started) {
        List<LoopbackNetwork> others;
        synchronized (this) {
            others = List.copyOf(members.values());
        }
        for (LoopbackNetwork other : others) {
            if (other != started && other.isStarted()) {
                meet(started, other);
                meet(other, started);
            }
        }
    }

    private void meet(LoopbackNetwork one, LoopbackNetwork other) {
        if (reach(one.member(), other.member()) != null) {
            one.meet(other.member());
        }
    }

    /** Gives {@code message} to the courier; false if no link leads to its recipient. */
    boolean send(long from, long group, Message message) {
        LoopbackNetwork present = reach(from, message.to());
        if (present == null || !present.admits(from)) {
            return false;
        }
        carry(from, message.to(), Optional.of(message),
                recipient -> recipient.accept(from, group, message), () -> {});
        return true;
    }

    /** Gives something to the courier, for whoever is at the other end of the link when it arrives. */
    void carry(long from, long to, Optional<Message> message, Consumer<LoopbackNetwork> deliver,
            Runnable lose) {
        courier.carry(new Courier.Parcel(from, to, message), () -> {
            LoopbackNetwork recipient = reach(from, to);
            if (recipient != null && recipient.admits(from)) {
                deliver.accept(recipient);
            } else {
                lose.run();
            }
        }, lose);
    }

    /** The network at the other end of a link that works; null if there is none. */
    synchronized @Nullable LoopbackNetwork reach(long from, long to) {
        return isCut(from, to) ? null : members.get(to);
    }

    void leave(LoopbackNetwork network) {
        List<LoopbackNetwork> others;
        synchronized (this) {
            if (!members.remove(network.member(), network)) {
                return;
            }
            others = List.copyOf(members.values());
        }
        others.forEach(other -> other.lose(network.member()));
    }
}
