// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

/**
 * The bounds of a {@link TcpNetwork}. Immutable; start from {@link #DEFAULTS}.
 *
 * @param frameBytesMax the largest frame, from 1 KiB to 256 MiB: a larger message is dropped when sent, and a larger
 *     frame that arrives closes its connection before anything is allocated for it
 * @param queue the bounds of what waits for one peer
 * @param connectionsMax how many connections are accepted at a time; more are closed at once
 * @param snapshots the bounds of snapshot transfers
 * @param times the bounds in time
 */
public record TcpLimits(int frameBytesMax, Queue queue, int connectionsMax, Snapshots snapshots,
        Times times) {

    /**
     * The bounds of what waits for one peer; more is dropped and counted.
     *
     * @param messagesMax how many messages, apart from urgent ones. A power of two from 8 on
     * @param bytesMax how many bytes of them, except that an empty queue takes any one message
     * @param urgentMax how many heartbeats, requests for votes, answers to either, and hand-overs of
     *     leadership, each of less than 100 bytes; they leave first. A power of two from 8 on
     */
    public record Queue(int messagesMax, long bytesMax, int urgentMax) {
        public Queue {
            requirePowerOfTwo("messagesMax", messagesMax);
            requirePowerOfTwo("urgentMax", urgentMax);
            if (bytesMax < 1) {
                throw new IllegalArgumentException("bytesMax " + bytesMax + " is below 1");
            }
        }

        private static void requirePowerOfTwo(String name, int value) {
            if (value < 8 || Integer.bitCount(value) != 1) {
                throw new IllegalArgumentException(
                        name + " " + value + " is not a power of two from 8 on");
            }
        }
    }

    /**
     * The bounds of snapshot transfers. The memory of one is at most {@code chunkBytes} times
     * {@code windowChunks} at either end.
     *
     * @param chunkBytes the size of a part
     * @param windowChunks how many parts may be on the way without being acknowledged
     * @param sendsMax how many snapshots are sent at a time; more fail at once
     * @param receivesMax how many snapshots are received at a time; more are refused
     * @param bytesPerSecondMax the rate of all that are sent together; 0 for no limit
     */
    public record Snapshots(int chunkBytes, int windowChunks, int sendsMax, int receivesMax,
            long bytesPerSecondMax) {

        /** These bounds, with another rate in bytes a second; 0 for no limit. */
        public Snapshots withBytesPerSecondMax(long value) {
            return new Snapshots(chunkBytes, windowChunks, sendsMax, receivesMax, value);
        }
    }

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
    public static final TcpLimits DEFAULTS = new TcpLimits(64 << 20,
            new Queue(1 << 14, 64L << 20, 1 << 10), 256, new Snapshots(256 << 10, 8, 4, 4, 0),
            new Times(2_000, 5_000, 5_000, 20, 1_000, 30_000));

    private static final int FRAME_BYTES_MAX = 256 << 20;

    public TcpLimits {
        if (frameBytesMax < 1024 || frameBytesMax > FRAME_BYTES_MAX || connectionsMax < 1) {
            throw new IllegalArgumentException("frameBytesMax " + frameBytesMax
                    + " is not in [1024, " + FRAME_BYTES_MAX + "], or connectionsMax "
                    + connectionsMax + " below 1");
        }
        if (snapshots.chunkBytes() < 1 || snapshots.chunkBytes() > frameBytesMax - 64) {
            throw new IllegalArgumentException(
                    "chunkBytes " + snapshots.chunkBytes() + " does not fit a frame");
        }
        // A part of each snapshot in half the time to stall: a slow transfer is no stalled one.
        long rateMin = 2_000L * snapshots.chunkBytes() * snapshots.sendsMax()
                / times.snapshotStallMillis();
        long rate = snapshots.bytesPerSecondMax();
        if (rate != 0 && rate < rateMin) {
            throw new IllegalArgumentException("bytesPerSecondMax " + rate + " is below "
                    + rateMin + ", at which snapshots would count as stalled");
        }
    }

    /** These bounds, with another largest frame. */
    public TcpLimits withFrameBytesMax(int value) {
        return new TcpLimits(value, queue, connectionsMax, snapshots, times);
    }

    /** These bounds, with others for what waits for a peer. */
    public TcpLimits withQueue(Queue value) {
        return new TcpLimits(frameBytesMax, value, connectionsMax, snapshots, times);
    }

    /** These bounds, with another number of connections. */
    public TcpLimits withConnectionsMax(int value) {
        return new TcpLimits(frameBytesMax, queue, value, snapshots, times);
    }

    /** These bounds, with others for snapshots. */
    public TcpLimits withSnapshots(Snapshots value) {
        return new TcpLimits(frameBytesMax, queue, connectionsMax, value, times);
    }

    /** These bounds, with others in time. */
    public TcpLimits withTimes(Times value) {
        return new TcpLimits(frameBytesMax, queue, connectionsMax, snapshots, value);
    }
}
