// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.BasicStatus;
import io.jangada.raft.DropReason;
import io.jangada.raft.LocalEvent;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.RawNode;
import io.jangada.raft.ReadOutcome;
import io.jangada.raft.Status;
import io.jangada.raft.TransferEnd;
import io.jangada.raft.TransferOutcome;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The thread-safe front of the core (etcd raft: Node): bounded queues before one loop, which owns the
 * {@link RawNode}.
 *
 * <p>Each run of the loop takes everything that waits: messages and events are stepped, ticks counted,
 * requests answered, and then all proposals go to the core in one batch, which is one round of appends
 * and one write. A Ready comes last, so that it covers all of this. Nothing waits for a batch to fill.
 *
 * <p>Thread-safe: every method may be called from any thread and none blocks. Callbacks run on the
 * loop, or, where a request is refused at the door, on the caller's thread; they must not block, and
 * must not throw. An exception of the core stops the node and is thrown out of the loop's task.
 */
public final class Node {
    /** The fields down to {@code slotTaken} belong to the loop. */
    private final RawNode raw;
    private final ReadyHandler handler;
    private final Mailbox.Batch batch = new Mailbox.Batch();
    private final ProposalQueue proposals;
    private final TransferWaiters transfers = new TransferWaiters();
    private boolean slotTaken;

    private final Executor loop;
    private final LongSupplier monotonicNanos;
    private final boolean needsTime;
    private final boolean async;
    private final Mailbox mailbox;
    private final Runnable run = this::run;

    /** Written by the loop after each run; read by any thread. */
    private volatile BasicStatus status;

    /**
     * Takes {@code raw} over: from now on only {@code loop} touches it. Runs nothing yet: see {@link
     * #start}.
     *
     * @param raw a core whose {@code asyncStorageWrites} says whether {@link #advance} frees the slot
     *     for the next Ready, or it is free at once
     * @param loop runs one task at a time, in order
     * @param limits how much may wait
     * @param handler gets each Ready, on the loop
     * @throws IllegalArgumentException if {@code raw} is configured for leases, which need a clock
     */
    public Node(RawNode raw, Executor loop, NodeLimits limits, ReadyHandler handler) {
        this(withoutLeases(raw), loop, limits, () -> 0, handler);
    }

    private static RawNode withoutLeases(RawNode raw) {
        if (raw.needsTime()) {
            throw new IllegalArgumentException("lease reads are configured and there is no clock");
        }
        return raw;
    }

    /**
     * As above, with a clock, by which lease reads are measured: each run of the loop reads it after it
     * has taken out what waits, and before it steps any of that.
     *
     * @param monotonicNanos nanoseconds from any origin, which never go back, also over a suspension of
     *     the machine if the platform can tell; called on the loop
     */
    public Node(RawNode raw, Executor loop, NodeLimits limits, LongSupplier monotonicNanos,
            ReadyHandler handler) {
        this.raw = raw;
        this.loop = loop;
        this.monotonicNanos = monotonicNanos;
        this.handler = handler;
        needsTime = raw.needsTime();
        async = raw.asyncStorageWrites();
        mailbox = new Mailbox(limits);
        proposals = new ProposalQueue(raw, mailbox, limits);
        status = raw.basicStatus();
    }

    /** Looks for a first Ready, which a restart may have left. */
    public void start() {
        submit(Request.certain(ignored -> {}, ignored -> {}));
    }

    /**
     * Proposes a command. While nobody leads it waits, within the limits.
     *
     * @param outcome hears once what became of it
     */
    public void propose(Bytes data, Consumer<? super ProposeOutcome> outcome) {
        propose(new Proposal(data) {
            @Override
            protected void proposed(ProposeOutcome answer) {
                outcome.accept(answer);
            }
        });
    }

    /** Proposes a change of membership. While nobody leads it waits, within the limits. */
    public void proposeConfChange(ConfChange change, Consumer<? super ProposeOutcome> outcome) {
        propose(new Proposal(change) {
            @Override
            protected void proposed(ProposeOutcome answer) {
                outcome.accept(answer);
            }
        });
    }

    /** Proposes what {@code proposal} holds. While nobody leads it waits, within the limits. */
    public void propose(Proposal proposal) {
        switch (mailbox.put(proposal)) {
            case QUEUED -> {
            }
            case WAKE -> loop.execute(run);
            case FULL -> proposal.proposed(dropped(DropReason.OVERLOADED));
            case STOPPED -> proposal.proposed(dropped(DropReason.STOPPED));
        }
    }

    private ProposeOutcome dropped(DropReason reason) {
        return new ProposeOutcome.Dropped(reason, status.softState().leader());
    }

    /**
     * Hands over what a peer says.
     *
     * @return false if it was dropped, since too much waits or the node is stopped
     */
    public boolean step(Message message) {
        return wakeIfNeeded(mailbox.put(message));
    }

    /** Hands over what this process says. Lost only after {@link #stop}. */
    public void step(LocalEvent event) {
        wakeIfNeeded(mailbox.put(event));
    }

    /** One tick has passed; dropped and counted if too many wait. */
    public void tick() {
        wakeIfNeeded(mailbox.putTick());
    }

    /** Campaigns now, if this member may. */
    public void campaign() {
        step(new LocalEvent.Campaign());
    }

    /** Forgets who leads, so that a vote can be given before a timeout has passed; not in lease mode. */
    public void forgetLeader() {
        step(new LocalEvent.ForgetLeader());
    }

    /** Nothing reaches {@code peer}: a leader probes before it sends more. */
    public void reportUnreachable(long peer) {
        step(new LocalEvent.Unreachable(peer));
    }

    /** The transfer of a snapshot to {@code peer} has ended; has to be told, or the peer gets nothing more. */
    public void reportSnapshot(long peer, boolean delivered) {
        step(new LocalEvent.SnapshotReport(peer, delivered));
    }

    private boolean wakeIfNeeded(Mailbox.Put put) {
        if (put == Mailbox.Put.WAKE) {
            loop.execute(run);
        }
        return put == Mailbox.Put.WAKE || put == Mailbox.Put.QUEUED;
    }

    /**
     * Puts a committed change of membership into force.
     *
     * @return the membership from then on, completed on the loop; exceptionally with
     *     IllegalArgumentException if the change cannot be made, or with {@link NodeStoppedException}
     */
    public CompletableFuture<ConfState> applyConfChange(ConfChange change) {
        return future(core -> core.applyConfChange(change));
    }

    /** The state in full; completed on the loop, or exceptionally with {@link NodeStoppedException}. */
    public CompletableFuture<Status> fullStatus() {
        return future(RawNode::status);
    }

    private <T> CompletableFuture<T> future(Function<RawNode, T> question) {
        var answer = new CompletableFuture<T>();
        submit(Request.certain(core -> {
            try {
                answer.complete(question.apply(core));
            } catch (IllegalArgumentException refused) {
                answer.completeExceptionally(refused);
            }
        }, ignored -> answer.completeExceptionally(new NodeStoppedException())));
        return answer;
    }

    /** Asks the leader, which may be this member, to hand over to {@code target}; tells no end. */
    public void transferLeader(long target, Consumer<? super TransferOutcome> outcome) {
        transferLeader(target, outcome, ignored -> {});
    }

    /**
     * Asks the leader, which may be this member, to hand over to {@code target} (Raft thesis 3.10).
     *
     * @param outcome hears once whether it was accepted
     * @param end hears once how it ended, if it was accepted: after two election timeouts at the latest,
     *     or when the node is stopped
     */
    public void transferLeader(long target, Consumer<? super TransferOutcome> outcome,
            Consumer<? super TransferEnd> end) {
        submit(Request.refusable(core -> {
            TransferOutcome begun = core.transferLeader(target);
            if (begun instanceof TransferOutcome.Accepted) {
                transfers.add(target, end);
            }
            outcome.accept(begun);
        }, reason -> outcome.accept(
                new TransferOutcome.Dropped(reason, status.softState().leader()))));
    }

    /**
     * Asks for a read index. While nobody leads it is refused at once: a read may be asked again.
     *
     * @param context names the read in the Ready that answers it
     */
    public void readIndex(Bytes context, Consumer<? super ReadOutcome> outcome) {
        submit(Request.refusable(core -> outcome.accept(core.readIndex(context)),
                reason -> outcome.accept(
                        new ReadOutcome.Dropped(reason, status.softState().leader()))));
    }

    /** Synchronous mode: the last Ready is dealt with, and the next may come. */
    public void advance() {
        submit(Request.certain(core -> {
            core.advance();
            slotTaken = false;
        }, ignored -> {}));
    }

    private void submit(Request request) {
        switch (mailbox.put(request)) {
            case QUEUED -> {
            }
            case WAKE -> loop.execute(run);
            case FULL -> request.refusal().accept(DropReason.OVERLOADED);
            case STOPPED -> request.refusal().accept(DropReason.STOPPED);
        }
    }

    /** The state after the last run of the loop. */
    public BasicStatus status() {
        return status;
    }

    /** Messages from peers that were dropped since too many waited. */
    public long droppedMessages() {
        return mailbox.droppedMessages();
    }

    /** Ticks that were dropped since too many waited. */
    public long droppedTicks() {
        return mailbox.droppedTicks();
    }

    /** Takes nothing more; everything that still waits is answered as dropped, on the loop. */
    public void stop() {
        if (mailbox.stop()) {
            loop.execute(run);
        }
    }

    // On the loop.

    private void run() {
        boolean done = false;
        try {
            mailbox.drain(batch, proposals.held());
            if (mailbox.isStopped()) {
                dropAll();
            } else {
                if (needsTime) {
                    raw.timeIs(monotonicNanos.getAsLong());
                }
                stepAll();
                proposals.proposeAll();
                handOut();
                status = raw.basicStatus();
                transfers.tell(raw.takeTransferEnds());
            }
            done = true;
        } finally {
            if (!done) {
                mailbox.stop();
                mailbox.drain(batch, proposals.held());
                dropAll();
            }
        }
        boolean more = canHandOut() && raw.hasReady();
        if (mailbox.finishRun(more)) {
            loop.execute(run);
        }
    }

    private void stepAll() {
        while (!batch.messages.isEmpty()) {
            raw.step(batch.messages.remove());
        }
        while (!batch.events.isEmpty()) {
            raw.step(batch.events.remove());
        }
        for (; batch.ticks > 0; batch.ticks--) {
            raw.tick();
        }
        while (!batch.requests.isEmpty()) {
            batch.requests.remove().question().accept(raw);
        }
    }

    private boolean canHandOut() {
        return !slotTaken && !mailbox.isStopped();
    }

    private void handOut() {
        if (canHandOut() && raw.hasReady()) {
            slotTaken = !async;
            handler.handle(raw.ready());
        }
    }

    private void dropAll() {
        batch.messages.clear();
        batch.events.clear();
        batch.ticks = 0;
        while (!batch.requests.isEmpty()) {
            batch.requests.remove().refusal().accept(DropReason.STOPPED);
        }
        proposals.dropAll(dropped(DropReason.STOPPED));
        transfers.stop(status.softState().leader());
    }
}
