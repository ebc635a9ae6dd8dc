// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import io.jangada.raft.ProposeOutcome;
import io.jangada.raft.model.EntryId;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jctools.maps.NonBlockingHashMapLong;

/**
 * Proposals of this member, or its changes of membership, that are not answered yet, by sequence
 * number. Each is answered exactly once: by whoever takes it out of the map.
 *
 * <p>Once the core has a proposal its fate is open until it is applied, whoever leads meanwhile: it is
 * never proposed a second time, and when its time is over it ends as unknown.
 *
 * <p>Thread-safe: a concurrent map.
 *
 * @param <T> how they end
 */
final class PendingProposals<T> {

    /** How the endings look. */
    interface Endings<T> {
        T refused(DropReason reason, long leader);

        T unknown(UnknownCause cause, long leader);
    }

    private static final class Pending<T> {
        private final CompletableFuture<T> future;
        private final long deadlineTick;
        /** Written and read by the node loop: whether the core has it, and its fate is open. */
        private boolean atCore;

        Pending(CompletableFuture<T> future, long deadlineTick) {
            this.future = future;
            this.deadlineTick = deadlineTick;
        }
    }

    private final NonBlockingHashMapLong<Pending<T>> pending = new NonBlockingHashMapLong<>();
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
     * Waits for the end of {@code sequence}; false if too many wait.
     *
     * @param deadlineTick not before that of an earlier call
     */
    boolean add(long sequence, CompletableFuture<T> future, long deadlineTick) {
        if (count.incrementAndGet() > countMax) {
            count.decrementAndGet();
            return false;
        }
        pending.put(sequence, new Pending<>(future, deadlineTick));
        return true;
    }

    /** Takes {@code sequence} out and ends it; does nothing if it has ended. */
    void end(long sequence, T ending) {
        Pending<T> ended = pending.remove(sequence);
        if (ended != null) {
            count.decrementAndGet();
            ended.future.complete(ending);
        }
    }

    /** Ends {@code sequence} as refused: it is certainly not in the log, and will not be. */
    void refuse(long sequence, DropReason reason) {
        if (waits(sequence)) {
            end(sequence, endings.refused(reason, leader.getAsLong()));
        }
    }

    /** Whether {@code sequence} waits: saves making an ending for nothing. */
    boolean waits(long sequence) {
        return pending.containsKey(sequence);
    }

    /** The core has answered. */
    void proposed(long sequence, ProposeOutcome outcome) {
        switch (outcome) {
            case ProposeOutcome.Appended(EntryId ignored) -> atCore(sequence);
            case ProposeOutcome.Forwarded(long ignored) -> atCore(sequence);
            case ProposeOutcome.Dropped(DropReason reason, long known) ->
                end(sequence, endings.refused(reason, known));
        }
    }

    private void atCore(long sequence) {
        Pending<T> taken = pending.get(sequence);
        if (taken != null) {
            taken.atCore = true;
        }
    }

    /**
     * Ends what is past its deadline. What still waits before the core is refused: the core's front asks
     * {@link #waits} before it takes a proposal, on the same loop, and so will not take it any more.
     */
    void expire(long nowTick) {
        if (nowTick < firstDeadlineTick || count.get() == 0) {
            return; // To look at all that waits at every tick would cost a busy member dearly.
        }
        long first = Long.MAX_VALUE;
        for (long one : sequences()) {
            Pending<T> waiting = pending.get(one);
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
        for (long one : sequences()) {
            end(one, endings.unknown(UnknownCause.STOPPED, leader.getAsLong()));
        }
    }

    /** In order, so that they end in the order in which they came. */
    private long[] sequences() {
        long[] sequences = pending.keySetLong();
        Arrays.sort(sequences);
        return sequences;
    }
}
