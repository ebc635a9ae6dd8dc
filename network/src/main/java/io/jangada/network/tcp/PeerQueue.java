// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.raft.model.Message;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.atomic.MpscChunkedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for a peer, in order; bounded in count and bytes. Any thread offers, the peer's
 * event loop polls.
 */
final class PeerQueue {
    private static final int CHUNK_MESSAGES = 4;

    /**
     * A message with the size of its encoding.
     *
     * @param bytes the size, without frame
     */
    record Queued(long group, Message message, long bytes) {}

    private final MpscChunkedAtomicArrayQueue<Queued> queue;
    private final AtomicLong bytes = new AtomicLong();
    private final long bytesMax;

    /** With the bounds of {@link TcpLimits}. */
    PeerQueue(TcpLimits limits) {
        this.queue = new MpscChunkedAtomicArrayQueue<>(CHUNK_MESSAGES, limits.queueMessagesMax());
        this.bytesMax = limits.queueBytesMax();
    }

    /** Appends {@code queued}; false if the queue is full. An empty one is never full. */
    boolean offer(Queued queued) {
        long before = bytes.getAndAdd(queued.bytes());
        if ((before == 0 || before + queued.bytes() <= bytesMax) && queue.offer(queued)) {
            return true;
        }
        bytes.addAndGet(-queued.bytes());
        return false;
    }

    /** Takes the first; null if there is none. */
    @Nullable
    Queued poll() {
        Queued first = queue.poll();
        if (first != null) {
            bytes.addAndGet(-first.bytes());
        }
        return first;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** How many wait: a guess while others offer. */
    int messages() {
        return queue.size();
    }

    /** How many bytes wait: a guess while others offer. */
    long bytes() {
        return bytes.get();
    }
}
