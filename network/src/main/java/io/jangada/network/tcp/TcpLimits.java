// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

/**
 * The bounds of a {@link TcpNetwork}. Immutable; start from {@link #DEFAULTS}.
 *
 * @param frameBytesMax the largest frame: a larger message is dropped when sent, and a larger
 *     frame that arrives closes its connection before anything is allocated for it
 * @param queueMessagesMax how many messages wait for one peer; more are dropped. A power of two
 * @param queueBytesMax how many bytes of messages wait for one peer; more are dropped, except that
 *     an empty queue takes any one message
 * @param connectionsMax how many connections are accepted at a time; more are closed at once
 * @param snapshots the bounds of snapshot transfers
 * @param times the bounds in time
 */
public record TcpLimits(int frameBytesMax, int queueMessagesMax, long queueBytesMax,
        int connectionsMax, Snapshots snapshots, Times times) {

    /**
     * The bounds of snapshot transfers. The memory of one is at most {@code chunkBytes} times
     * {@code windowChunks} at either end.
     *
     * @param chunkBytes the size of a part
     * @param windowChunks how many parts may be on the way without being acknowledged
     * @param sendsMax how many snapshots are sent at a time; more fail at once
     * @param receivesMax how many snapshots are received at a time; more are refused
     */
    public record Snapshots(int chunkBytes, int windowChunks, int sendsMax, int receivesMax) {}

    /**
     * The bounds in time.
     *
     * @param connectMillis for a connection to be established
     * @param handshakeMillis for both ends to have introduced themselves
     * @param keepAliveMillis a connection from which nothing is heard so long is closed
     * @param backoffMinMillis the pause before the second attempt to connect; it doubles
     * @param backoffMaxMillis the longest pause between attempts; half of each pause is random
     * @param snapshotStallMillis a transfer that makes no progress for so long fails; to verify a
     *     received snapshot and make it durable may take ten times as long
     */
    public record Times(int connectMillis, int handshakeMillis, int keepAliveMillis,
            int backoffMinMillis, int backoffMaxMillis, int snapshotStallMillis) {}

    /** What suits a cluster in one data centre: 64 MiB frames and queues, 5 s to notice a dead peer. */
    public static final TcpLimits DEFAULTS = new TcpLimits(64 << 20, 1 << 14, 64L << 20, 256,
            new Snapshots(256 << 10, 8, 4, 4),
            new Times(2_000, 5_000, 5_000, 20, 1_000, 30_000));

    public TcpLimits {
        if (frameBytesMax < 1024 || queueBytesMax < 1) {
            throw new IllegalArgumentException(
                    "frameBytesMax " + frameBytesMax + " and queueBytesMax " + queueBytesMax);
        }
        if (queueMessagesMax < 8 || Integer.bitCount(queueMessagesMax) != 1) {
            throw new IllegalArgumentException("queueMessagesMax " + queueMessagesMax
                    + " is not a power of two from 8 on");
        }
        if (snapshots.chunkBytes() < 1 || snapshots.chunkBytes() > frameBytesMax - 64) {
            throw new IllegalArgumentException(
                    "chunkBytes " + snapshots.chunkBytes() + " does not fit a frame");
        }
    }
}
