// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a group on this member, by their {@link Consistency}. Each is permitted by the apply loop,
 * where its query runs, or refused. Thread-safe, but for {@link #tick} and {@link #stop}, which belong to
 * the node loop.
 *
 * <p>Tasks go to the host's loops, not to the group's guarded ones: those forget them when the group
 * stops, and a read would hang.
 */
final class LocalReads {
    private static final long ANY = Long.MAX_VALUE;

    /** A read that waits until an index is applied. */
    private record Waiting(LocalReads owner, CompletableFuture<ReadResult> permit,
            long deadlineTick) implements Applier.Waiter {
        @Override
        public void ready(long index) {
            owner.permit(permit);
        }
    }

    private final GroupParts parts;
    private final ReadRounds rounds;
    private final Applier<?> applier;
    private final Ticker ticker;
    private final long timeoutTicks;
    private final BooleanSupplier stopped;
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final AtomicBoolean refreshing = new AtomicBoolean();
    /** Node loop; deadlines ascend. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /* Written by the apply loop, read by any thread: when the newest read was asked for that is confirmed. */
    private volatile boolean confirmed;
    private volatile long confirmedNanos;

    LocalReads(GroupParts parts, ReadRounds rounds, Applier<?> applier, Ticker ticker,
            BooleanSupplier stopped) {
        this.parts = parts;
        this.rounds = rounds;
        this.applier = applier;
        this.ticker = ticker;
        this.stopped = stopped;
        timeoutTicks = ticker.in(parts.config().proposalTimeout().toNanos());
    }

    /** How many have no answer. */
    int count() {
        return rounds.count() + waitingCount.get();
    }

    /** Waits until the machine here is as new as {@code how} says. */
    CompletableFuture<ReadResult> read(Consistency how) {
        CompletableFuture<ReadResult> permit = new CompletableFuture<>();
        begin(how, permit);
        return permit;
    }

    /** Runs {@code query} on the apply loop once the machine is as new as {@code how} says. */
    <T extends @Nullable Object> CompletableFuture<QueryResult<T>> read(Consistency how,
            Supplier<? extends T> query) {
        CompletableFuture<ReadResult> permit = new CompletableFuture<>();
        /* Chained before it begins, so that the query runs where the permit is given. */
        CompletableFuture<QueryResult<T>> answer = permit.thenApply(result -> switch (result) {
            case ReadResult.Ready(long index) -> new QueryResult.Answered<>(query.get(), index);
            case ReadResult.Refused(DropReason reason, long leader) ->
                new QueryResult.Refused<>(reason, leader);
        });
        begin(how, permit);
        return answer;
    }

    private void begin(Consistency how, CompletableFuture<ReadResult> permit) {
        switch (how) {
            case Consistency.Linearizable ignored -> linearizable(permit);
            case Consistency.Stale stale -> stale(stale, permit);
        }
        if (stopped.getAsBoolean()) {
            refuse(permit, DropReason.STOPPED);
        }
    }

    // Linearizable.

    private void linearizable(CompletableFuture<ReadResult> permit) {
        long askedNanos = nanos();
        CompletableFuture<?> unusedEnd = permit.thenAccept(result -> {
            if (result instanceof ReadResult.Ready) {
                confirmed(askedNanos);
            }
        });
        rounds.read(permit, ticker.now() + timeoutTicks, parts.standing().leader());
    }

    private void confirmed(long askedNanos) {
        if (!confirmed || askedNanos - confirmedNanos > 0) {
            confirmedNanos = askedNanos;
            confirmed = true;
        }
    }

    // Stale.

    private void stale(Consistency.Stale how, CompletableFuture<ReadResult> permit) {
        long lagNanosMax = nanosOf(how.maxLag());
        long lagNanos = confirmed ? nanos() - confirmedNanos : Long.MAX_VALUE;
        if (lagNanos <= lagNanosMax) {
            if (lagNanosMax != ANY && lagNanos > lagNanosMax / 2) {
                refresh();
            }
            await(how.minIndex(), permit);
        } else if (parts.standing().leader() == 0) {
            refuse(permit, DropReason.NO_LEADER);
        } else {
            CompletableFuture<ReadResult> round = new CompletableFuture<>();
            CompletableFuture<?> unusedEnd = round.thenAccept(result -> {
                switch (result) {
                    case ReadResult.Ready ignored -> await(how.minIndex(), permit);
                    case ReadResult.Refused refused -> permit.complete(refused);
                }
            });
            linearizable(round);
        }
    }

    private static long nanosOf(Duration lag) {
        return lag.compareTo(Duration.ofNanos(ANY)) >= 0 ? ANY : lag.toNanos();
    }

    /** Asks the leader, so that the reads to come need not wait for it. */
    private void refresh() {
        if (refreshing.compareAndSet(false, true)) {
            CompletableFuture<ReadResult> round = new CompletableFuture<>();
            CompletableFuture<?> unusedEnd = round.thenAccept(ignored -> refreshing.set(false));
            linearizable(round);
        }
    }

    private void await(long index, CompletableFuture<ReadResult> permit) {
        if (waitingCount.incrementAndGet() > parts.config().limits().pendingReadsMax()) {
            waitingCount.decrementAndGet();
            refuse(permit, DropReason.OVERLOADED);
            return;
        }
        CompletableFuture<?> unusedEnd = permit
                .whenComplete((ignored, failure) -> waitingCount.decrementAndGet());
        if (applier.index() >= index) {
            parts.host().applyLoop().execute(() -> permit(permit));
        } else {
            parts.host().nodeLoop().execute(() -> waitFor(index, permit));
        }
    }

    private void waitFor(long index, CompletableFuture<ReadResult> permit) {
        if (stopped.getAsBoolean()) {
            refuse(permit, DropReason.STOPPED);
            return;
        }
        Waiting added = new Waiting(this, permit, ticker.now() + timeoutTicks);
        waiting.add(added);
        applier.await(index, added);
    }

    /** Apply loop. */
    private void permit(CompletableFuture<ReadResult> permit) {
        if (stopped.getAsBoolean()) {
            refuse(permit, DropReason.STOPPED);
        } else {
            permit.complete(new ReadResult.Ready(applier.index()));
        }
    }

    private void refuse(CompletableFuture<ReadResult> permit, DropReason reason) {
        permit.complete(new ReadResult.Refused(reason, parts.standing().leader()));
    }

    private long nanos() {
        return parts.host().loops().clock().nanos();
    }

    /** Time passes: refuses what waited too long. */
    void tick(long nowTick) {
        while (!waiting.isEmpty() && (waiting.getFirst().permit().isDone()
                || waiting.getFirst().deadlineTick() <= nowTick)) {
            Waiting over = waiting.removeFirst();
            if (!over.permit().isDone()) {
                applier.forget(over);
                refuse(over.permit(), DropReason.LAGGING);
            }
        }
    }

    /** Refuses all. */
    void stop() {
        waiting.forEach(one -> refuse(one.permit(), DropReason.STOPPED));
        waiting.clear();
    }
}
