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
 * <p>In lease mode each confirmed read opens a {@link Lease}, and the leader takes a read of its own
 * with each round of heartbeats, which answers nobody and keeps the lease open. While it holds, reads
 * are answered at once; when in doubt they are confirmed as in safe mode. It is given up when the
 * membership changes, and for good once this leader has told anybody to campaign. (etcd raft answers
 * at once as long as check-quorum has not failed, up to two timeouts late.)
 */
final class ReadOnly {
    /** Outstanding renewals: a lease that needs more is over anyhow. */
    private static final int RENEWALS_MAX = 16;

    /** {@code from} is 0 for the leader's own renewal of its lease. */
    private record Pending(long from, Bytes context, long index, long sentNanos) {}

    private final Raft raft;
    private final LeaderTransfer transfer;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final ArrayDeque<Pending> beforeFirstCommit = new ArrayDeque<>();
    private int renewals;
    private long released;
    private long[] echoIds = {};
    private long[] echoes = {};
    private boolean leaseOpened;
    private long leaseStartNanos;

    ReadOnly(Raft raft, LeaderTransfer transfer) {
        this.raft = raft;
        this.transfer = transfer;
    }

    /** How many reads heartbeats ask to confirm; 0 if none waits. */
    long position() {
        return pending.isEmpty() ? 0 : taken();
    }

    /** How many reads were taken so far, renewals included. */
    long taken() {
        return released + pending.size();
    }

    /** How many reads wait, renewals excluded. */
    int pendingCount() {
        return pending.size() - renewals + beforeFirstCommit.size();
    }

    /** Takes a read. Whether there was room. */
    boolean add(long from, Bytes context) {
        if (pendingCount() >= raft.config().pendingReadsMax()) {
            return false;
        }
        var read = new Pending(from, context, raft.log().committed(), raft.lease().nowNanos());
        if (!raft.hasCommittedInTerm()) {
            // Only an entry of this term tells what earlier leaders have committed (Raft thesis 6.4).
            beforeFirstCommit.add(read);
        } else if (isInLease()) {
            answer(read);
        } else {
            pending.add(read);
            confirm();
        }
        return true;
    }

    /** The heartbeats that go out next will, once echoed, keep the lease open. */
    void renewLease() {
        if (raft.lease().isUsed() && renewals < RENEWALS_MAX) {
            pending.add(new Pending(0, Bytes.EMPTY, 0, raft.lease().nowNanos()));
            renewals++;
            echoed(raft.id(), taken());
        }
    }

    /** Other voters count from now on: what the ones so far have promised is not enough. */
    void giveLeaseUp() {
        leaseOpened = false;
    }

    private boolean isInLease() {
        return leaseOpened && !transfer.hasGivenLeaseAway()
                && raft.lease().holds(leaseStartNanos);
    }

    /** The first entry of this term is committed. One round confirms all reads that wait for it. */
    void releaseAfterFirstCommit() {
        if (beforeFirstCommit.isEmpty()) {
            return;
        }
        long committed = raft.log().committed();
        while (!beforeFirstCommit.isEmpty()) {
            Pending read = beforeFirstCommit.remove();
            pending.add(new Pending(read.from, read.context, committed,
                    raft.lease().nowNanos()));
        }
        confirm();
    }

    private void confirm() {
        echoed(raft.id(), taken());
        if (!pending.isEmpty()) {
            raft.replicator().broadcastHeartbeat();
        }
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
            leaseOpened = true;
            leaseStartNanos = read.sentNanos;
            if (read.from == 0) {
                renewals--;
            } else {
                answer(read);
            }
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

    /** This member no longer leads: its own reads are refused; who has sent others notices by itself. */
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
