// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.DropReason;
import io.jangada.raft.ReadOutcome;
import io.jangada.raft.ReadState;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.node.Node;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads: one round of ReadIndex at a time, for all reads that had arrived when it began
 * (Raft thesis 6.4; etcd: linearizableReadLoop). Later ones wait for the next round, as this one's
 * index may be older than they are. A round without answer is asked again: after a while, and as soon
 * as another leader is known; an answer to any asking serves the round, for all its reads were there
 * before. {@link #read} is for any thread; the rest belongs to the node loop.
 */
final class ReadRounds {
    private static final int CHUNK = 256;

    /** Where a round goes that knows its index: it waits until that is applied. */
    interface Applied {
        void await(long index, Round round);
    }

    /** One read. */
    record Read(CompletableFuture<ReadResult> future, long deadlineTick) {}

    /** Reads that share a quorum's confirmation. Its list changes on the node loop only, before it has an index. */
    static final class Round implements Applier.Waiter {
        private final List<Read> reads;
        private final long number;
        private boolean asked;
        private long askedTick;

        Round(List<Read> reads, long number) {
            this.reads = reads;
            this.number = number;
        }

        /** All that was committed when these reads came is applied. Apply loop. */
        @Override
        public void ready(long index) {
            ReadResult ready = new ReadResult.Ready(index);
            for (Read read : reads) {
                read.future().complete(ready);
            }
        }
    }

    private final Node node;
    private final Executor loop;
    private final Applied applied;
    private final long incarnation;
    private final int countMax;
    private final long retryTicks;
    private final MpscUnboundedArrayQueue<Read> inbox = new MpscUnboundedArrayQueue<>(CHUNK);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger count = new AtomicInteger();
    private final List<Round> confirmed = new ArrayList<>();
    private @Nullable Round round;
    private long rounds;
    private long asks;
    private long tick;
    private boolean stopped;

    /**
     * Without reads.
     *
     * @param incarnation at random, so that answers meant for an earlier life are not taken
     * @param retryTicks after which a round is asked again
     */
    ReadRounds(Node node, Executor loop, Applied applied, long incarnation, int countMax,
            long retryTicks) {
        this.node = node;
        this.loop = loop;
        this.applied = applied;
        this.incarnation = incarnation;
        this.countMax = countMax;
        this.retryTicks = retryTicks;
    }

    int count() {
        return count.get();
    }

    /** Asks for a read, which completes {@code future}; any thread. */
    void read(CompletableFuture<ReadResult> future, long deadlineTick, long leader) {
        if (count.incrementAndGet() > countMax) {
            count.decrementAndGet();
            future.complete(new ReadResult.Refused(DropReason.OVERLOADED, leader));
            return;
        }
        inbox.offer(new Read(future, deadlineTick));
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            loop.execute(this::begin);
        }
    }

    private void begin() {
        scheduled.set(false);
        if (stopped) {
            refuseAll(DropReason.STOPPED);
            return;
        }
        if (round == null && !inbox.isEmpty()) {
            List<Read> reads = new ArrayList<>();
            inbox.drain(reads::add);
            round = new Round(reads, ++rounds);
            ask(round);
        }
    }

    private void ask(Round current) {
        current.asked = true;
        current.askedTick = tick;
        node.readIndex(context(current), outcome -> {
            switch (outcome) {
                case ReadOutcome.Accepted(long ignored) -> {
                }
                // Asked again at the next tick, or when somebody leads, until its time is over.
                case ReadOutcome.Dropped(DropReason ignored, long leader) -> current.asked = false;
            }
        });
    }

    private Bytes context(Round current) {
        byte[] context = new byte[3 * Long.BYTES];
        ByteBuffer.wrap(context).putLong(incarnation).putLong(current.number).putLong(++asks);
        return Bytes.wrap(context);
    }

    /** A quorum has confirmed. */
    void confirmed(ReadState state) {
        Round current = round;
        if (current == null || !isOf(current, state.context())) {
            return;
        }
        round = null;
        confirmed.add(current);
        count.addAndGet(-current.reads.size());
        applied.await(state.index(), current);
        begin();
    }

    /** The core gave the read up. */
    void dropped(Bytes context) {
        if (round != null && isOf(round, context)) {
            round.asked = false;
        }
    }

    private boolean isOf(Round current, Bytes context) {
        if (context.size() != 3 * Long.BYTES) {
            return false;
        }
        ByteBuffer fields = context.asByteBuffer();
        return fields.getLong() == incarnation && fields.getLong() == current.number;
    }

    /** Somebody leads now. */
    void leaderKnown() {
        if (round != null) {
            ask(round);
        }
    }

    /** Time passes: asks again what got no answer, and refuses what waited too long. */
    void tick(long nowTick, long leader) {
        tick = nowTick;
        confirmed.removeIf(one -> {
            one.reads.forEach(read -> refuseIfLate(read, leader));
            return one.reads.stream().allMatch(read -> read.future().isDone());
        });
        Round current = round;
        if (current == null) {
            return;
        }
        int before = current.reads.size();
        current.reads.removeIf(read -> refuseIfLate(read, leader));
        count.addAndGet(current.reads.size() - before);
        if (current.reads.isEmpty()) {
            round = null;
            begin();
        } else if (!current.asked || tick - current.askedTick >= retryTicks) {
            ask(current);
        }
    }

    private boolean refuseIfLate(Read read, long leader) {
        if (read.deadlineTick() > tick) {
            return false;
        }
        DropReason reason = leader == 0 ? DropReason.NO_LEADER : DropReason.LEADER_CHANGED;
        read.future().complete(new ReadResult.Refused(reason, leader));
        return true;
    }

    /** Refuses all, and all that come later. */
    void stop() {
        stopped = true;
        refuseAll(DropReason.STOPPED);
    }

    private void refuseAll(DropReason reason) {
        ReadResult refused = new ReadResult.Refused(reason, 0);
        inbox.drain(read -> {
            count.decrementAndGet();
            read.future().complete(refused);
        });
        if (round != null) {
            count.addAndGet(-round.reads.size());
            round.reads.forEach(read -> read.future().complete(refused));
            round = null;
        }
        confirmed.forEach(one -> one.reads.forEach(read -> read.future().complete(refused)));
        confirmed.clear();
    }
}
