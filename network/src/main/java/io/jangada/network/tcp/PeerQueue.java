// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.raft.model.Message;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.atomic.MpscChunkedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for a peer, in two lanes; each is bounded and in order. What keeps a leader, or
 * makes one, is urgent: it leaves before everything else, and has room when the other lane is full.
 * Any thread offers, the peer's event loop polls.
 *
 * <p>Urgent messages overtake ordinary ones, and no safety hangs on that order (Raft thesis 3.1: the
 * network may reorder). Case by case: 1. A heartbeat commits no more than its peer has acknowledged,
 * so what it overtakes is not needed to follow it. 2. Its answer confirms the reads that it names
 * itself; appends that the peer has acknowledged, or not, play no part. 3. A request for a vote, or an
 * answer to one, of a newer term makes what it overtakes stale, and stale messages are refused by
 * their terms. 4. TimeoutNow is sent once the peer has acknowledged the whole log; entries that were
 * appended since make its vote harder to get, not unsafe. Appends, their answers, proposals and reads
 * share the ordinary lane: out of order they would be rejected and sent again.
 */
final class PeerQueue {
    private static final int CHUNK_MESSAGES = 4;

    /**
     * A message with the size of its encoding.
     *
     * @param bytes the size, without frame
     */
    record Queued(long group, Message message, long bytes) {}

    private final MpscChunkedAtomicArrayQueue<Queued> urgent;
    private final MpscChunkedAtomicArrayQueue<Queued> ordinary;
    private final AtomicLong ordinaryBytes = new AtomicLong();
    private final long ordinaryBytesMax;

    /** With the bounds of {@link TcpLimits}. */
    PeerQueue(TcpLimits limits) {
        this.urgent = new MpscChunkedAtomicArrayQueue<>(CHUNK_MESSAGES,
                limits.queue().urgentMax());
        this.ordinary = new MpscChunkedAtomicArrayQueue<>(CHUNK_MESSAGES,
                limits.queue().messagesMax());
        this.ordinaryBytesMax = limits.queue().bytesMax();
    }

    /** Whether {@code message} goes before others. Such messages have less than 100 bytes. */
    static boolean isUrgent(Message message) {
        return switch (message) {
            case Message.VoteRequest ignored -> true;
            case Message.VoteResponse ignored -> true;
            case Message.PreVoteRequest ignored -> true;
            case Message.PreVoteResponse ignored -> true;
            case Message.Heartbeat ignored -> true;
            case Message.HeartbeatResponse ignored -> true;
            case Message.TimeoutNow ignored -> true;
            case Message.AppendRequest ignored -> false;
            case Message.AppendResponse ignored -> false;
            case Message.AppendReject ignored -> false;
            case Message.Propose ignored -> false;
            case Message.ReadIndexRequest ignored -> false;
            case Message.ReadIndexResponse ignored -> false;
            case Message.TransferLeader ignored -> false;
            case Message.InstallSnapshot ignored -> false;
        };
    }

    /** Appends {@code queued} to its lane; false if that is full. An empty lane is never full. */
    boolean offer(Queued queued) {
        return isUrgent(queued.message()) ? urgent.offer(queued) : offerOrdinary(queued);
    }

    private boolean offerOrdinary(Queued queued) {
        long before = ordinaryBytes.getAndAdd(queued.bytes());
        if ((before == 0 || before + queued.bytes() <= ordinaryBytesMax)
                && ordinary.offer(queued)) {
            return true;
        }
        ordinaryBytes.addAndGet(-queued.bytes());
        return false;
    }

    /** Takes the first urgent message, else the first ordinary one; null if there is none. */
    @Nullable
    Queued poll() {
        Queued first = urgent.poll();
        if (first != null) {
            return first;
        }
        first = ordinary.poll();
        if (first != null) {
            ordinaryBytes.addAndGet(-first.bytes());
        }
        return first;
    }

    boolean isEmpty() {
        return urgent.isEmpty() && ordinary.isEmpty();
    }

    /** How many wait: a guess while others offer. */
    int messages() {
        return urgent.size() + ordinary.size();
    }

    /** How many bytes wait in the ordinary lane: a guess while others offer. */
    long bytes() {
        return ordinaryBytes.get();
    }
}
