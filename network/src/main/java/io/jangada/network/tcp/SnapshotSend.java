// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.jangada.network.PeerAddress;
import io.jangada.network.SnapshotSource;
import io.jangada.network.codec.MessageCodec;
import io.jangada.raft.model.Message;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot on its way to a peer, on a connection of its own. The recipient says from where to
 * send and how much may be on the way; one part is read ahead, off the event loop, at the pace that all
 * snapshots of the network share. Owned by its event loop, apart from the reading.
 */
final class SnapshotSend implements Dialer.Attempt, Conversation {
    private static final System.Logger LOG = System.getLogger(SnapshotSend.class.getName());

    private final long group;
    private final Message.InstallSnapshot message;
    private final SnapshotSource source;
    private final Consumer<Boolean> delivered;
    private final TcpLimits limits;
    private final EventLoop loop;
    private final Executor blocking;
    private final Pace pace;
    private final long totalBytes;

    private @Nullable Connection connection;
    /** Set before the first part is read, used by the reading; null if nothing is deflated. */
    private @Nullable BodyDeflater deflater;
    /** Up to here parts are sent. */
    private long sent;
    /** Up to here the recipient has written. */
    private long acked;
    /** How much may be on the way; nothing before the recipient has said so. */
    private long window;
    private boolean reading;
    /** A part waits until the rate allows it. */
    private boolean pausing;
    private boolean ended;
    private boolean finished;

    SnapshotSend(long group, Message.InstallSnapshot message, SnapshotSource source,
            Consumer<Boolean> delivered, TcpLimits limits, EventLoop loop, Executor blocking,
            Pace pace) {
        this.group = group;
        this.message = message;
        this.source = source;
        this.delivered = delivered;
        this.limits = limits;
        this.loop = loop;
        this.blocking = blocking;
        this.pace = pace;
        this.totalBytes = source.totalBytes();
    }

    /** Begins. For any thread. */
    void start(Dialer dialer, PeerAddress peer) {
        HostPort first = peer.addresses().get(0);
        loop.execute(() -> {
            var ignored = dialer.dial(peer.id(), first, StreamKind.SNAPSHOT, loop,
                    new NextAddress(dialer, peer, 1));
        });
    }

    /** Ends without success. For any thread; once ended, does nothing. */
    void cancel(String reason) {
        loop.execute(() -> finish(false, reason));
    }

    /** Tries the peer's other addresses where one fails. */
    private final class NextAddress implements Dialer.Attempt {
        private final Dialer dialer;
        private final PeerAddress peer;
        private final int next;

        NextAddress(Dialer dialer, PeerAddress peer, int next) {
            this.dialer = dialer;
            this.peer = peer;
            this.next = next;
        }

        @Override
        public Conversation established(Connection established) {
            return SnapshotSend.this.established(established);
        }

        @Override
        public void failed(String reason) {
            if (finished || next == peer.addresses().size()) {
                SnapshotSend.this.failed(reason);
                return;
            }
            var ignored = dialer.dial(peer.id(), peer.addresses().get(next), StreamKind.SNAPSHOT,
                    loop, new NextAddress(dialer, peer, next + 1));
        }
    }

    @Override
    public Conversation established(Connection established) {
        connection = established;
        long bytes = MessageCodec.encodedBytes(message);
        if (finished || bytes > limits.frameBytesMax() - Frame.HEAD_BYTES - 2 * Long.BYTES) {
            established.close("no longer wanted");
            finish(false, "the snapshot's message has " + bytes + " bytes");
            return this;
        }
        if (established.compression() == Compression.DEFLATE) {
            deflater = new BodyDeflater();
        }
        established.watch(limits.times().snapshotStallMillis());
        ByteBuffer begin = ByteBuffer.allocate(2 * Long.BYTES + (int) bytes).putLong(totalBytes)
                .putLong(source.contentId());
        MessageCodec.encode(message, begin);
        established.send(FrameKind.SNAPSHOT_BEGIN, group, begin.flip());
        return this;
    }

    @Override
    public void failed(String reason) {
        finish(false, reason);
    }

    @Override
    public void frame(FrameKind kind, long ofGroup, ByteBuffer body) throws ProtocolException {
        if (kind == FrameKind.SNAPSHOT_RESULT && body.remaining() == 1) {
            boolean accepted = body.get() == 1;
            finish(accepted, accepted ? "delivered" : "refused by the peer");
        } else if (kind == FrameKind.SNAPSHOT_ACK && body.remaining() == 16) {
            acknowledged(body.getLong(), body.getLong());
        } else {
            throw new ProtocolException("a frame of kind " + kind + " in answer to a snapshot");
        }
    }

    private void acknowledged(long position, long windowBytes) throws ProtocolException {
        if (window == 0) {
            sent = position;
            acked = position;
            if (position > 0) {
                LOG.log(System.Logger.Level.INFO, () -> "snapshot index="
                        + message.snapshot().index() + " to peer="
                        + Long.toHexString(message.to()) + " goes on at byte=" + position);
            }
        }
        if (position < 0 || position < acked || position > sent || position > totalBytes
                || windowBytes < 1) {
            throw new ProtocolException("snapshot acknowledged up to " + position + " of " + sent
                    + " with window " + windowBytes);
        }
        acked = position;
        TcpLimits.Snapshots bounds = limits.snapshots();
        window = Math.min(windowBytes, (long) bounds.chunkBytes() * bounds.windowChunks());
        goOn();
    }

    private void goOn() {
        Connection current = connection;
        if (finished || ended || reading || pausing || window == 0 || current == null) {
            return;
        }
        if (sent == totalBytes) {
            ended = true;
            current.send(FrameKind.SNAPSHOT_END, group,
                    ByteBuffer.allocate(Long.BYTES).putLong(totalBytes).flip());
            return;
        }
        long room = window - (sent - acked);
        int size = (int) Math.min(Math.min(limits.snapshots().chunkBytes(), window),
                totalBytes - sent);
        if (room >= size && current.isWritable()) {
            paced(sent, size);
        }
    }

    /** Reads a part, once the rate allows it. */
    private void paced(long position, int size) {
        long pauseNanos = pace.reserve(loop.ticker().nanoTime(), size);
        if (pauseNanos == 0) {
            read(position, size);
            return;
        }
        pausing = true;
        var ignored = loop.schedule(() -> {
            pausing = false;
            if (!finished) {
                read(position, size);
            }
        }, pauseNanos, TimeUnit.NANOSECONDS);
    }

    private void read(long position, int size) {
        reading = true;
        try {
            blocking.execute(() -> {
                ByteBuffer part = ByteBuffer.allocate(Long.BYTES + size).putLong(position);
                String failure = fill(position, part);
                ByteBuffer deflated = failure.isEmpty() ? deflated(part.flip()) : null;
                loop.execute(() -> partRead(size, deflated == null ? part : deflated,
                        deflated == null ? Packing.PLAIN : Packing.DEFLATED, failure));
            });
        } catch (RejectedExecutionException e) {
            reading = false;
            finish(false, "this member is stopping");
        }
    }

    /** Reads a part; answers what failed, or nothing. */
    private String fill(long position, ByteBuffer part) {
        try {
            source.read(position, part);
            return part.hasRemaining() ? "the source ends early, near byte " + position : "";
        } catch (IOException | RuntimeException e) {
            // The source is not ours: whatever it throws ends this transfer and nothing else.
            return "cannot read the snapshot: " + e;
        }
    }

    private @Nullable ByteBuffer deflated(ByteBuffer part) {
        BodyDeflater packs = deflater;
        return packs == null ? null : packs.deflate(part);
    }

    private void partRead(int size, ByteBuffer part, Packing packing, String failure) {
        reading = false;
        Connection current = connection;
        if (finished || current == null) {
            closeSource();
            return;
        }
        if (!failure.isEmpty()) {
            finish(false, failure);
            return;
        }
        sent += size;
        current.flush(Frame.of(current.allocator(), FrameKind.SNAPSHOT_PART, packing, group,
                part));
        goOn();
    }

    @Override
    public void writable() {
        goOn();
    }

    @Override
    public void idle() {
        finish(false, "no progress for " + limits.times().snapshotStallMillis() + " ms");
    }

    @Override
    public void closed(String reason) {
        finish(false, reason);
    }

    private void finish(boolean success, String reason) {
        if (finished) {
            return;
        }
        finished = true;
        LOG.log(success ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                () -> "snapshot index=" + message.snapshot().index() + " bytes=" + totalBytes
                        + " to peer=" + Long.toHexString(message.to()) + ": " + reason);
        Connection current = connection;
        if (current != null) {
            current.close(reason);
        }
        if (!reading) {
            closeSource();
        }
        delivered.accept(success);
    }

    /** Closing may block; and it waits for a read that is under way. */
    private void closeSource() {
        BodyDeflater packs = deflater;
        if (packs != null) {
            packs.close();
        }
        try {
            blocking.execute(source::close);
        } catch (RejectedExecutionException e) {
            source.close();
        }
    }
}
