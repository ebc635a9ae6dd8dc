// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.node.Proposal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Proposals of this member, or its changes of membership, that are not answered yet, by sequence
 * number. Each is answered exactly once: by whoever takes it out of the map.
 *
 * <p>Once the core has a proposal its fate is open until it is applied, whoever leads meanwhile: it is
 * never proposed a second time, and when its time is over it ends as unknown.
 *
 * <p>Thread-safe.
 *
 * @param <T> how they end
 */
final class PendingProposals<T> {

    /** How the endings look. */
    interface Endings<T> {
        T refused(DropReason reason, long leader);

        T unknown(UnknownCause cause, long leader);
    }

    /** One that waits: the core asks it whether it is still wanted, and tells it what became of it. */
    final class Pending extends Proposal implements SequenceMap.Numbered {
        private final long sequence;
        private final CompletableFuture<T> future;
        private final long deadlineTick;
        /** Written and read by the node loop: whether the core has it, and its fate is open. */
        private boolean atCore;
        /** Written by whoever ends it; what ends it before the core has it does so on the node loop. */
        private volatile boolean ended;

        private Pending(Bytes data, long sequence, CompletableFuture<T> future,
                long deadlineTick) {
            super(data);
            this.sequence = sequence;
            this.future = future;
            this.deadlineTick = deadlineTick;
        }

        private Pending(ConfChange change, long sequence, CompletableFuture<T> future,
                long deadlineTick) {
            super(change);
            this.sequence = sequence;
            this.future = future;
            this.deadlineTick = deadlineTick;
        }

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        protected boolean isWanted() {
            return !ended;
        }

        @Override
        protected void proposed(ProposeOutcome outcome) {
            switch (outcome) {
                case ProposeOutcome.Appended(EntryId ignored) -> atCore = true;
                case ProposeOutcome.Forwarded(long ignored) -> atCore = true;
                case ProposeOutcome.Dropped(DropReason reason, long known) ->
                    PendingProposals.this.end(sequence, endings.refused(reason, known));
            }
        }

        private void end(T ending) {
            ended = true;
            future.complete(ending);
        }
    }

    private final SequenceMap<Pending> pending = new SequenceMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong sequence;
    private final int countMax;
    private final Endings<T> endings;
    private final LongSupplier leader;
    /** Node loop: nothing that waits has its deadline before this tick. */
    private long firstDeadlineTick;

    /**
     * Without any.
     *
     * @param firstSequence at random, so that no earlier life of this member used the same numbers
     * @param leader who leads now
     */
    PendingProposals(long firstSequence, int countMax, Endings<T> endings, LongSupplier leader) {
        sequence = new AtomicLong(firstSequence);
        this.countMax = countMax;
        this.endings = endings;
        this.leader = leader;
    }

    long nextSequence() {
        return sequence.incrementAndGet();
    }

    int count() {
        return count.get();
    }

    /**
     * A command that waits for the end of {@code sequence}; null if too many wait.
     *
     * @param sealed the command in an {@link Envelope}
     * @param deadlineTick not before that of an earlier call
     */
    @Nullable
    Pending command(Bytes sealed, long sequence, CompletableFuture<T> future, long deadlineTick) {
        return isFull() ? null : add(new Pending(sealed, sequence, future, deadlineTick));
    }

    /** As {@link #command}, for a change of membership whose context is in an {@link Envelope}. */
    @Nullable
    Pending change(ConfChange sealed, long sequence, CompletableFuture<T> future,
            long deadlineTick) {
        return isFull() ? null : add(new Pending(sealed, sequence, future, deadlineTick));
    }

    private boolean isFull() {
        boolean full = count.incrementAndGet() > countMax;
        if (full) {
            count.decrementAndGet();
        }
        return full;
    }

    private Pending add(Pending added) {
        pending.add(added);
        return added;
    }

    /** Takes {@code sequence} out and ends it; does nothing if it has ended. */
    void end(long sequence, T ending) {
        Pending ended = pending.remove(sequence);
        if (ended != null) {
            count.decrementAndGet();
            ended.end(ending);
        }
    }

    /** Ends {@code sequence} as refused: it is certainly not in the log, and will not be. */
    void refuse(long sequence, DropReason reason) {
        if (pending.get(sequence) != null) {
            end(sequence, endings.refused(reason, leader.getAsLong()));
        }
    }

    /**
     * Ends what is past its deadline. What still waits before the core is refused: the core's front asks
     * whether it is wanted before it takes it, on the same loop, and so will not take it any more.
     */
    void expire(long nowTick) {
        if (nowTick < firstDeadlineTick || count.get() == 0) {
            return; // To look at all that waits at every tick would cost a busy member dearly.
        }
        long first = Long.MAX_VALUE;
        for (long one : pending.sequences()) {
            Pending waiting = pending.get(one);
            if (waiting == null) {
                continue;
            }
            if (waiting.deadlineTick <= nowTick) {
                end(one, waiting.atCore
                        ? endings.unknown(UnknownCause.TIMED_OUT, leader.getAsLong())
                        : endings.refused(DropReason.NO_LEADER, leader.getAsLong()));
            } else {
                first = Math.min(first, waiting.deadlineTick);
            }
        }
        firstDeadlineTick = first == Long.MAX_VALUE ? nowTick : first;
    }

    /** Ends all: the member stops. */
    void stop() {
        for (long one : pending.sequences()) {
            end(one, endings.unknown(UnknownCause.STOPPED, leader.getAsLong()));
        }
    }
}
