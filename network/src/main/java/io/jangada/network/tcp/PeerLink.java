// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.jangada.network.NetworkListener;
import io.jangada.network.PeerAddress;
import io.jangada.network.PeerStats;
import io.jangada.network.codec.MessageCodec;
import io.jangada.network.tcp.PeerQueue.Queued;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The stream of messages to one peer, across its connections. Any thread sends; all else belongs to
 * the event loop that the link was given.
 *
 * <p>While it connects, messages wait in the queue; when that fails they are dropped, and so are all
 * that come during the pause before the next attempt: an outage leaves nothing behind that is sent
 * late. One task at a time drains the queue: {@code draining} is set by the sender that hands the
 * task over, and cleared by the task before it looks into the queue, so that nothing is overlooked.
 * It stays set while the connection can take no more, or there is none yet.
 */
final class PeerLink {
    private static final System.Logger LOG = System.getLogger(PeerLink.class.getName());
    /** Frames are put together in buffers of this size; a larger one gets a buffer to itself. */
    private static final int BATCH_BYTES = 64 << 10;
    /** After so many messages other connections of the event loop have their turn. */
    private static final int BATCH_MESSAGES = 1024;
    private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final long id;
    private final EventLoop loop;
    private final Dialer dialer;
    private final TcpLimits limits;
    private final NetworkListener listener;
    private final InstantSource clock;
    private final Backoff backoff;
    private final PeerQueue queue;
    private final PeerCounters counters = new PeerCounters();
    private final AtomicBoolean draining = new AtomicBoolean();
    /** Groups that know that the peer is unreachable. */
    private final Set<Long> told = ConcurrentHashMap.newKeySet();
    /** Addresses that the event loop has yet to take over: set by any thread, taken by the loop. */
    private final AtomicReference<@Nullable PeerAddress> replacing = new AtomicReference<>();

    private PeerAddress address;
    private int nextAddress;
    private @Nullable HostPort dialed;
    private @Nullable Attempt attempt;
    private @Nullable Connection connection;
    private @Nullable Future<?> retry;
    private boolean closed;
    private String loggedFailure = "";

    /** Written by the event loop, read by senders: whether messages may be queued. */
    private volatile boolean accepting = true;
    /** Written by the event loop, read by whoever asks for figures. */
    private volatile PeerStats.Connection status = new PeerStats.Connection(Optional.empty(), 0,
            "");

    /** A link that is idle until {@link #open}. */
    PeerLink(PeerAddress address, EventLoop loop, Dialer dialer, TcpLimits limits,
            NetworkListener listener, Backoff backoff, InstantSource clock) {
        this.id = address.id();
        this.address = address;
        this.loop = loop;
        this.dialer = dialer;
        this.limits = limits;
        this.listener = listener;
        this.backoff = backoff;
        this.clock = clock;
        this.queue = new PeerQueue(limits);
    }

    PeerCounters counters() {
        return counters;
    }

    PeerStats stats() {
        return new PeerStats(id, status, counters.sent.traffic(), counters.dropped.traffic(),
                counters.received.traffic(), counters.refused.traffic(),
                new PeerStats.Traffic(queue.messages(), queue.bytes()));
    }

    // ---- any thread

    /** Queues {@code message}, or drops it. */
    void send(long group, Message message) {
        long bytes = MessageCodec.encodedBytes(message);
        if (!accepting || isTooLarge(bytes)
                || !queue.offer(new Queued(group, message, bytes))) {
            drop(group, message, bytes);
            return;
        }
        if (!draining.get() && draining.compareAndSet(false, true)) {
            loop.execute(this::drain);
        }
    }

    /** Sends {@code note}, unless there is no connection or it does not read. */
    void note(Bytes note) {
        if (!loop.inEventLoop()) {
            loop.execute(() -> note(note));
            return;
        }
        Connection current = connection;
        if (current != null && current.isWritable()) {
            current.send(FrameKind.NOTE, 0, note.asByteBuffer());
        }
    }

    /** Begins to connect. */
    void open() {
        loop.execute(this::dial);
    }

    /** The peer has just connected to this member, so it is there: no reason to go on waiting. */
    void peerIsUp() {
        loop.execute(() -> {
            if (retry != null) {
                backoff.reset();
                dial();
            }
        });
    }

    /** Uses other addresses from now on; of those that are still to be taken over the last ones count. */
    void update(PeerAddress replacement) {
        if (replacing.getAndSet(replacement) == null) {
            loop.execute(this::replaceAddress);
        }
    }

    /** Drops the connection and all that waits, for good; the listener hears nothing once this is done. */
    Future<?> close() {
        return loop.submit(() -> {
            closed = true;
            accepting = false;
            giveUpAttempt();
            cancelRetry();
            Connection current = connection;
            if (current != null) {
                current.close("closed by this member");
            }
            discard();
        });
    }

    private boolean isTooLarge(long bytes) {
        if (bytes <= limits.frameBytesMax() - Frame.HEAD_BYTES) {
            return false;
        }
        if (told.isEmpty()) {
            LOG.log(System.Logger.Level.ERROR, () -> "cannot send a message of bytes=" + bytes
                    + " to peer=" + Long.toHexString(id) + ": frames have up to "
                    + limits.frameBytesMax());
        }
        return true;
    }

    private void drop(long group, Message message, long bytes) {
        counters.dropped.count(bytes);
        listener.dropped(group, message);
        if (told.add(group)) {
            loop.execute(() -> {
                if (!closed) {
                    listener.unreachable(group, id);
                }
            });
        }
    }

    // ---- the event loop: connecting

    private void dial() {
        cancelRetry();
        if (closed || attempt != null || connection != null) {
            return;
        }
        accepting = true;
        HostPort next = address.addresses().get(nextAddress % address.addresses().size());
        nextAddress++;
        dialed = next;
        var current = new Attempt();
        attempt = current;
        current.dialing = dialer.dial(id, next, StreamKind.MESSAGES, loop, current);
    }

    private void replaceAddress() {
        PeerAddress replacement = replacing.getAndSet(null);
        if (replacement == null) {
            return;
        }
        address = replacement;
        nextAddress = 0;
        boolean still = dialed != null && replacement.addresses().contains(dialed);
        if (still && retry == null) {
            return;
        }
        Connection current = connection;
        if (current != null) {
            current.close("the peer's address has changed");
            return;
        }
        giveUpAttempt();
        backoff.reset();
        dial();
    }

    private void giveUpAttempt() {
        Attempt current = attempt;
        attempt = null;
        if (current != null && current.dialing != null) {
            current.dialing.giveUp();
        }
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
    }

    private final class Attempt implements Dialer.Attempt {
        private Dialer.@Nullable Dialing dialing;

        @Override
        public Conversation established(Connection established) {
            var stream = new Stream(established);
            attempt = null;
            connection = established;
            backoff.reset();
            loggedFailure = "";
            status = new PeerStats.Connection(Optional.of(clock.instant()),
                    status.connects() + 1, status.lastFailure());
            told.clear();
            established.watch(Math.max(1, limits.times().keepAliveMillis() / 2));
            LOG.log(System.Logger.Level.INFO, () -> "connected to peer=" + Long.toHexString(id)
                    + " address=" + established.remote());
            loop.execute(this::tellConnected); // What is noted then is the first to leave.
            loop.execute(PeerLink.this::drain);
            return stream;
        }

        private void tellConnected() {
            if (connection != null) {
                listener.connected(id);
            }
        }

        @Override
        public void removed() {
            listener.removedBy(id);
        }

        @Override
        public void failed(String reason) {
            attempt = null;
            disconnected(reason);
        }
    }

    private void disconnected(String reason) {
        accepting = false;
        connection = null;
        status = new PeerStats.Connection(Optional.<Instant>empty(), status.connects(), reason);
        discard();
        if (closed) {
            return;
        }
        if (!reason.equals(loggedFailure)) {
            loggedFailure = reason;
            LOG.log(System.Logger.Level.WARNING, () -> "not connected to peer="
                    + Long.toHexString(id) + " reason=\"" + reason + "\"; trying again");
        }
        retry = loop.schedule(this::dial, backoff.nextMillis(), TimeUnit.MILLISECONDS);
    }

    // ---- the event loop: sending

    private void drain() {
        Connection current = connection;
        if (current != null) {
            write(current);
        } else if (attempt == null) {
            discard();
        }
    }

    private void discard() {
        draining.set(false);
        for (Queued queued = queue.poll(); queued != null; queued = queue.poll()) {
            drop(queued.group(), queued.message(), queued.bytes());
        }
    }

    private void write(Connection current) {
        if (!current.isWritable()) {
            return;
        }
        draining.set(false);
        ByteBuf batch = null;
        for (int i = 0; i < BATCH_MESSAGES && current.isWritable(); i++) {
            Queued next = queue.poll();
            if (next == null) {
                break;
            }
            int frameBytes = Frame.OVERHEAD_BYTES + (int) next.bytes();
            if (isWorthDeflating(current, next)) {
                if (batch != null) {
                    current.write(batch);
                    batch = null;
                }
                counters.sent.count(current.writeLarge(next.group(), encoded(next)));
                continue;
            }
            if (batch == null || batch.writableBytes() < frameBytes) {
                if (batch != null) {
                    current.write(batch);
                }
                batch = buffer(current, frameBytes);
            }
            Frame.append(batch, next.group(), next.message(), (int) next.bytes());
            counters.sent.count(frameBytes);
        }
        if (batch != null) {
            current.write(batch);
        }
        current.flush();
        goOn(current);
    }

    private static boolean isWorthDeflating(Connection current, Queued queued) {
        return current.compression() == Compression.DEFLATE
                && queued.bytes() >= BodyDeflater.BODY_BYTES_MIN;
    }

    private static ByteBuffer encoded(Queued queued) {
        ByteBuffer bytes = ByteBuffer.allocate((int) queued.bytes());
        MessageCodec.encode(queued.message(), bytes);
        return bytes.flip();
    }

    private ByteBuf buffer(Connection current, int frameBytes) {
        long waiting = queue.bytes() + (long) queue.messages() * Frame.OVERHEAD_BYTES;
        int bytes = (int) Math.max(frameBytes, Math.min(BATCH_BYTES, frameBytes + waiting));
        return current.allocator().directBuffer(bytes, bytes);
    }

    private void goOn(Connection current) {
        if (queue.isEmpty()) {
            if (!told.isEmpty()) {
                told.clear();
            }
            return;
        }
        // If the connection is full, writable() comes back; that this is known to senders saves tasks.
        if (draining.compareAndSet(false, true) && current.isWritable()) {
            loop.execute(this::drain);
        }
    }

    /** What comes back on the stream: signs of life, and answers to notes. */
    private final class Stream implements Conversation {
        private final Connection self;
        private boolean pinged;
        private boolean drained;

        Stream(Connection self) {
            this.self = self;
        }

        @Override
        public void frame(FrameKind kind, long group, ByteBuffer body) throws ProtocolException {
            switch (kind) {
                case PONG -> pinged = false;
                case NOTE -> listener.note(id, Incoming.noted(body), PeerLink.this::note);
                case HELLO, WELCOME, REFUSAL, PING, MESSAGE, SNAPSHOT_BEGIN, SNAPSHOT_PART,
                        SNAPSHOT_END, SNAPSHOT_ACK, SNAPSHOT_RESULT, QUESTION,
                        ANSWER, REMOVED ->
                    throw new ProtocolException(
                            "a frame of kind " + kind + " on the way back of a stream");
            }
        }

        /** Comes twice within the time to keep alive. A slow peer that goes on reading is not dead. */
        @Override
        public void idle() {
            if (pinged && !drained) {
                self.close("nothing heard for " + limits.times().keepAliveMillis() + " ms");
                return;
            }
            if (!pinged) {
                self.send(FrameKind.PING, 0, NO_BODY.duplicate());
            }
            pinged = true;
            drained = false;
        }

        @Override
        public void writable() {
            drained = true;
            if (connection == self) {
                drain();
            }
        }

        @Override
        public void closed(String reason) {
            if (connection == self) {
                disconnected(reason);
            }
        }
    }
}
