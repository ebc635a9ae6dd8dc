// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

import io.jangada.raft.BasicStatus;
import io.jangada.raft.DropReason;
import io.jangada.raft.LocalEvent;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.RawNode;
import io.jangada.raft.ReadOutcome;
import io.jangada.raft.Status;
import io.jangada.raft.TransferOutcome;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

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
    private final ArrayDeque<Proposal> held = new ArrayDeque<>();
    private boolean slotTaken;

    private final Executor loop;
    private final NodeLimits limits;
    private final long id;
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
     */
    public Node(RawNode raw, Executor loop, NodeLimits limits, ReadyHandler handler) {
        this.raw = raw;
        this.loop = loop;
        this.limits = limits;
        this.handler = handler;
        id = raw.basicStatus().id();
        async = raw.asyncStorageWrites();
        mailbox = new Mailbox(limits);
        status = raw.basicStatus();
    }

    /** Looks for a first Ready, which a restart may have left. */
    public void start() {
        ask(ignored -> {}, ignored -> {});
    }

    /**
     * Proposes a command. While nobody leads it waits, within the limits.
     *
     * @param outcome hears once what became of it
     */
    public void propose(Bytes data, Consumer<? super ProposeOutcome> outcome) {
        propose(data, () -> true, outcome);
    }

    /**
     * Proposes a command, unless it is withdrawn before the core takes it.
     *
     * @param wanted asked on the loop just before; once it says no, the command is forgotten and {@code
     *     outcome} hears nothing
     */
    public void propose(Bytes data, BooleanSupplier wanted,
            Consumer<? super ProposeOutcome> outcome) {
        put(Proposal.of(data, wanted, outcome));
    }

    /** Proposes a change of membership. While nobody leads it waits, within the limits. */
    public void proposeConfChange(ConfChange change, Consumer<? super ProposeOutcome> outcome) {
        put(Proposal.of(change, outcome));
    }

    private void put(Proposal proposal) {
        switch (mailbox.put(proposal)) {
            case QUEUED -> {
            }
            case WAKE -> loop.execute(run);
            case FULL -> proposal.answer(dropped(DropReason.OVERLOADED));
            case STOPPED -> proposal.answer(dropped(DropReason.STOPPED));
        }
    }

    private ProposeOutcome dropped(DropReason reason) {
        return new ProposeOutcome.Dropped(reason, status.softState().leader());
    }

    /**
     * Hands over what a peer says, or a response of a {@code StorageAppend} that is for this member.
     *
     * @return false if it was dropped, since too much waits or the node is stopped
     */
    public boolean step(Message message) {
        boolean own = message.from() == id && message.to() == id;
        return wakeIfNeeded(own ? mailbox.putOwn(message) : mailbox.put(message));
    }

    /** Hands over what this process says. Lost only after {@link #stop}. */
    public void step(LocalEvent event) {
        wakeIfNeeded(mailbox.put(event));
    }

    /** One tick has passed; dropped and counted if too many wait. */
    public void tick() {
        wakeIfNeeded(mailbox.putTick());
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
        submit(new Request() {
            @Override
            public void run(RawNode core) {
                try {
                    answer.complete(question.apply(core));
                } catch (IllegalArgumentException refused) {
                    answer.completeExceptionally(refused);
                }
            }

            @Override
            public void drop(DropReason reason) {
                answer.completeExceptionally(new NodeStoppedException());
            }

            @Override
            public boolean mustRun() {
                return true;
            }
        });
        return answer;
    }

    /** Asks the leader to hand over to {@code target}. */
    public void transferLeader(long target, Consumer<? super TransferOutcome> outcome) {
        ask(core -> outcome.accept(core.transferLeader(target)),
                reason -> outcome.accept(
                        new TransferOutcome.Dropped(reason, status.softState().leader())));
    }

    /**
     * Asks for a read index.
     *
     * @param context names the read in the Ready that answers it
     */
    public void readIndex(Bytes context, Consumer<? super ReadOutcome> outcome) {
        ask(core -> outcome.accept(core.readIndex(context)),
                reason -> outcome.accept(
                        new ReadOutcome.Dropped(reason, status.softState().leader())));
    }

    /** Synchronous mode: the last Ready is dealt with, and the next may come. */
    public void advance() {
        submit(new Request() {
            @Override
            public void run(RawNode core) {
                core.advance();
                slotTaken = false;
            }

            @Override
            public void drop(DropReason reason) {
                // Nobody waits for it.
            }

            @Override
            public boolean mustRun() {
                return true;
            }
        });
    }

    private void ask(Consumer<RawNode> question, Consumer<DropReason> refusal) {
        submit(new Request() {
            @Override
            public void run(RawNode core) {
                question.accept(core);
            }

            @Override
            public void drop(DropReason reason) {
                refusal.accept(reason);
            }

            @Override
            public boolean mustRun() {
                return false;
            }
        });
    }

    private void submit(Request request) {
        switch (mailbox.put(request)) {
            case QUEUED -> {
            }
            case WAKE -> loop.execute(run);
            case FULL -> request.drop(DropReason.OVERLOADED);
            case STOPPED -> request.drop(DropReason.STOPPED);
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
            mailbox.drain(batch, held);
            if (mailbox.isStopped()) {
                dropAll();
            } else {
                stepAll();
                proposeAll();
                handOut();
                status = raw.basicStatus();
            }
            done = true;
        } finally {
            if (!done) {
                mailbox.stop();
                mailbox.drain(batch, held);
                dropAll();
            }
        }
        boolean more = canHandOut() && raw.hasReady();
        if (mailbox.finishRun(more)) {
            loop.execute(run);
        }
    }

    /**
     * Messages go before events: what storage has released for this member itself must be stepped before
     * the event that storage is done. An event that comes late is only slow storage.
     */
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
            batch.requests.remove().run(raw);
        }
    }

    /** While nobody leads, proposals stay where they are. */
    private void proposeAll() {
        while (!held.isEmpty() && raw.leader() != 0) {
            if (held.element().change() == null) {
                proposeBatch();
            } else {
                proposeChange();
            }
        }
    }

    private void proposeChange() {
        Proposal proposal = held.remove();
        ConfChange change = proposal.change();
        mailbox.release(1, proposal.bytes());
        if (change != null) {
            proposal.answer(raw.proposeConfChange(change));
        }
    }

    private void proposeBatch() {
        var proposals = new ArrayList<Proposal>(Math.min(held.size(), limits.batchCountMax()));
        var data = new ArrayList<Bytes>(Math.min(held.size(), limits.batchCountMax()));
        long bytes = 0;
        while (fits(proposals.size(), bytes)) {
            Proposal proposal = held.remove();
            if (!proposal.isWanted()) {
                mailbox.release(1, proposal.bytes());
                continue;
            }
            bytes += proposal.bytes();
            proposals.add(proposal);
            data.add(proposal.data());
        }
        mailbox.release(proposals.size(), bytes);
        if (!proposals.isEmpty()) {
            answer(proposals, raw.propose(data));
        }
    }

    private boolean fits(int count, long bytes) {
        Proposal next = held.peek();
        return next != null && next.change() == null && count < limits.batchCountMax()
                && (count == 0 || bytes + next.bytes() <= limits.batchBytesMax());
    }

    /** Each proposal of a batch hears its own place in the log. */
    private static void answer(List<Proposal> proposals, ProposeOutcome outcome) {
        if (outcome instanceof ProposeOutcome.Appended appended) {
            long index = appended.last().index() - proposals.size();
            for (int i = 0; i < proposals.size(); i++) {
                index++;
                proposals.get(i).answer(new ProposeOutcome.Appended(
                        new EntryId(appended.last().term(), index)));
            }
        } else {
            for (int i = 0; i < proposals.size(); i++) {
                proposals.get(i).answer(outcome);
            }
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
            batch.requests.remove().drop(DropReason.STOPPED);
        }
        mailbox.release(held.size(), 0);
        while (!held.isEmpty()) {
            held.remove().answer(dropped(DropReason.STOPPED));
        }
    }
}
