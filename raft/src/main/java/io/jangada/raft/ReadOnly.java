// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The reads of one leadership that wait until a quorum confirms it (Raft thesis 6.4; etcd raft:
 * readOnly).
 *
 * <p>Reads are numbered from 1 in the order in which they are taken. Heartbeats carry the number of
 * reads taken so far, and who echoes a number confirms that this member led after those reads came; a
 * quorum of echoes releases them. Bounded by the configuration. Owned by the core's thread.
 *
 * <p>In lease mode a confirmed read opens a lease, measured from the tick at which the read came,
 * before its heartbeats were sent: those who confirmed it will not vote for an election timeout from
 * then on. It lasts half of that, for clocks that drift, and is void for good once this leader has told
 * anybody to campaign. Outside of a lease reads are confirmed as in safe mode, which opens the next.
 * (etcd raft answers at once as long as check-quorum has not failed, up to two timeouts late.) A lease
 * does not survive members that restart within it: they forget whom they heard.
 */
final class ReadOnly {
    private record Pending(long from, Bytes context, long index, long tick) {}

    private final Raft raft;
    private final LeaderTransfer transfer;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final ArrayDeque<Pending> beforeFirstCommit = new ArrayDeque<>();
    private long released;
    private long[] echoIds = {};
    private long[] echoes = {};
    private long tick;
    private long leaseStartTick = Long.MIN_VALUE;

    ReadOnly(Raft raft, LeaderTransfer transfer) {
        this.raft = raft;
        this.transfer = transfer;
    }

    void tick() {
        tick++;
    }

    /** How many reads heartbeats ask to confirm; 0 if none waits. */
    long position() {
        return pending.isEmpty() ? 0 : taken();
    }

    /** How many reads were taken so far. */
    long taken() {
        return released + pending.size();
    }

    int pendingCount() {
        return pending.size() + beforeFirstCommit.size();
    }

    /** Takes a read. Whether there was room. */
    boolean add(long from, Bytes context) {
        if (pendingCount() >= raft.config().pendingReadsMax()) {
            return false;
        }
        var read = new Pending(from, context, raft.log().committed(), tick);
        if (!raft.hasCommittedInTerm()) {
            // Only an entry of this term tells what earlier leaders have committed (Raft thesis 6.4).
            beforeFirstCommit.add(read);
        } else if (isInLease()) {
            answer(read);
        } else {
            ask(read);
        }
        return true;
    }

    /** The first entry of this term is committed. One round confirms all reads that wait for it. */
    void releaseAfterFirstCommit() {
        if (beforeFirstCommit.isEmpty()) {
            return;
        }
        long committed = raft.log().committed();
        while (!beforeFirstCommit.isEmpty()) {
            Pending read = beforeFirstCommit.remove();
            pending.add(new Pending(read.from, read.context, committed, tick));
        }
        confirm();
    }

    private void ask(Pending read) {
        pending.add(read);
        confirm();
    }

    private void confirm() {
        echoed(raft.id(), taken());
        if (!pending.isEmpty()) {
            raft.replicator().broadcastHeartbeat();
        }
    }

    private boolean isInLease() {
        return raft.config().readOnly() == ReadOnlyMode.LEASE && !transfer.hasGivenLeaseAway()
                && leaseStartTick + raft.config().electionTimeoutTicks() / 2 > tick;
    }

    /** {@code peer} confirms the first {@code position} reads. */
    void echoed(long peer, long position) {
        int at = Arrays.binarySearch(echoIds, peer);
        if (at < 0) {
            at = insert(peer, -at - 1);
        }
        if (position > echoes[at]) {
            echoes[at] = position;
            release();
        }
    }

    private int insert(long peer, int at) {
        echoIds = inserted(echoIds, at, peer);
        echoes = inserted(echoes, at, 0);
        return at;
    }

    private static long[] inserted(long[] from, int at, long value) {
        long[] to = new long[from.length + 1];
        System.arraycopy(from, 0, to, 0, at);
        to[at] = value;
        System.arraycopy(from, at, to, at + 1, from.length - at);
        return to;
    }

    private long echo(long peer) {
        int at = Arrays.binarySearch(echoIds, peer);
        return at < 0 ? 0 : echoes[at];
    }

    /** Answers what a quorum of the configuration in force has confirmed. */
    void release() {
        long confirmed = raft.tracker().config().committedIndex(this::echo);
        while (released < confirmed && !pending.isEmpty()) {
            Pending read = pending.remove();
            released++;
            leaseStartTick = Math.max(leaseStartTick, read.tick);
            answer(read);
        }
    }

    private void answer(Pending read) {
        if (read.from == raft.id()) {
            raft.addReadState(new ReadState(read.index, read.context));
        } else {
            raft.outbox().send(new Message.ReadIndexResponse(raft.id(), read.from, raft.term(),
                    read.index, read.context));
        }
    }

    /** This member no longer leads: its own reads are refused, those of others will be asked again. */
    void drop() {
        drop(beforeFirstCommit);
        drop(pending);
    }

    private void drop(ArrayDeque<Pending> reads) {
        while (!reads.isEmpty()) {
            Pending read = reads.remove();
            if (read.from == raft.id()) {
                raft.addDroppedRead(new DroppedRead(read.context, DropReason.LEADER_CHANGED));
            }
        }
    }
}
