// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.model.Message;
import java.util.ArrayDeque;

/**
 * What waits before the core: propc, recvc and ticks of etcd's node, and everything else that is asked
 * of it. Bounded as {@link NodeLimits} says.
 *
 * <p>Thread-safe: a lock around a few field accesses; nothing is called while it is held.
 */
final class Mailbox {
    /** What became of something put in. */
    enum Put {
        /** It waits; the loop knows. */
        QUEUED,
        /** It waits; the loop has to be woken. */
        WAKE,
        /** There was no room. */
        FULL,
        /** The node is stopped. */
        STOPPED
    }

    /** What one run of the loop takes out. Owned by the loop. */
    static final class Batch {
        final ArrayDeque<Message> messages = new ArrayDeque<>();
        final ArrayDeque<LocalEvent> events = new ArrayDeque<>();
        final ArrayDeque<Request> requests = new ArrayDeque<>();
        int ticks;
    }

    private final NodeLimits limits;
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private final ArrayDeque<LocalEvent> events = new ArrayDeque<>();
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    private final ArrayDeque<Proposal> proposals = new ArrayDeque<>();
    private int ticks;
    private int proposalCount;
    private long proposalBytes;
    private long droppedMessages;
    private long droppedTicks;
    private boolean scheduled;
    private boolean stopped;

    Mailbox(NodeLimits limits) {
        this.limits = limits;
    }

    synchronized Put put(Message message) {
        if (stopped) {
            return Put.STOPPED;
        }
        if (messages.size() >= limits.messageCountMax()) {
            droppedMessages++;
            return Put.FULL;
        }
        messages.add(message);
        return wake();
    }

    /** Nobody says it again, and there are no more than writes and transfers under way: no bound counts it. */
    synchronized Put put(LocalEvent event) {
        if (stopped) {
            return Put.STOPPED;
        }
        events.add(event);
        return wake();
    }

    /** Requests are few, but whoever floods us with reads or transfers is refused too. */
    synchronized Put put(Request request) {
        if (stopped) {
            return Put.STOPPED;
        }
        if (!request.mustRun() && requests.size() >= limits.messageCountMax()) {
            return Put.FULL;
        }
        requests.add(request);
        return wake();
    }

    synchronized Put put(Proposal proposal) {
        if (stopped) {
            return Put.STOPPED;
        }
        // A first proposal of any size fits, or it never would.
        boolean full = proposalCount >= limits.proposalCountMax()
                || (proposalCount > 0
                        && proposalBytes + proposal.bytes() > limits.proposalBytesMax());
        if (full) {
            return Put.FULL;
        }
        proposalCount++;
        proposalBytes += proposal.bytes();
        proposals.add(proposal);
        return wake();
    }

    synchronized Put putTick() {
        if (stopped) {
            return Put.STOPPED;
        }
        if (ticks >= limits.tickCountMax()) {
            droppedTicks++;
            return Put.FULL;
        }
        ticks++;
        return wake();
    }

    private Put wake() {
        if (scheduled) {
            return Put.QUEUED;
        }
        scheduled = true;
        return Put.WAKE;
    }

    /** Moves everything into {@code batch} and {@code held}; proposals go on counting until released. */
    synchronized void drain(Batch batch, ArrayDeque<Proposal> held) {
        batch.messages.addAll(messages);
        messages.clear();
        batch.events.addAll(events);
        events.clear();
        batch.requests.addAll(requests);
        requests.clear();
        held.addAll(proposals);
        proposals.clear();
        batch.ticks += ticks;
        ticks = 0;
    }

    /** Proposals have left the node. */
    synchronized void release(int count, long bytes) {
        proposalCount -= count;
        proposalBytes -= bytes;
    }

    /** The loop has run. Whether it must run again. */
    synchronized boolean finishRun(boolean moreToDo) {
        boolean again = !stopped && (moreToDo || ticks > 0 || !messages.isEmpty()
                || !events.isEmpty() || !requests.isEmpty() || !proposals.isEmpty());
        scheduled = again;
        return again;
    }

    /** Nothing is taken from now on. Whether the loop has to be woken to answer what waits. */
    synchronized boolean stop() {
        stopped = true;
        boolean wake = !scheduled;
        scheduled = true;
        return wake;
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    synchronized long droppedMessages() {
        return droppedMessages;
    }

    synchronized long droppedTicks() {
        return droppedTicks;
    }
}
