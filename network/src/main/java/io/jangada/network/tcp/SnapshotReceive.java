// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.NetworkListener;
import io.jangada.network.SnapshotOffer;
import io.jangada.network.SnapshotSink;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot that comes from a peer, on a connection of its own. Frames come on the event loop;
 * the sink is called by tasks off it, one after the other. What waits for the sink is bounded by the
 * window that the sender is given.
 */
final class SnapshotReceive implements Conversation {
    private static final System.Logger LOG = System.getLogger(SnapshotReceive.class.getName());

    /** To complete a snapshot, which reads all of it once more, may take so many times the time to stall. */
    private static final int COMPLETION_STALLS_MAX = 10;
    private static final int ACKS_PER_STALL = 4;

    private final Connection connection;
    private final TcpIdentity identity;
    private final long from;
    private final NetworkListener listener;
    private final long windowBytes;
    private final long stallMillis;
    private final EventLoop loop;
    private final SerialTasks tasks;
    private final Runnable onClosed;

    private boolean begun;
    /** The sender knows where to begin, and parts may come. */
    private boolean started;
    private boolean ended;
    private boolean over;
    private long group;
    private long totalBytes;
    private long received;
    private long written;

    /** The sink while it is open; only tasks touch it. */
    private @Nullable SnapshotSink sink;

    SnapshotReceive(Connection connection, TcpIdentity identity, long from,
            NetworkListener listener, TcpLimits limits, EventLoop loop, Executor blocking,
            Runnable onClosed) {
        this.connection = connection;
        this.identity = identity;
        this.from = from;
        this.listener = listener;
        TcpLimits.Snapshots bounds = limits.snapshots();
        this.windowBytes = (long) bounds.chunkBytes() * bounds.windowChunks();
        this.stallMillis = limits.times().snapshotStallMillis();
        this.loop = loop;
        this.tasks = new SerialTasks(blocking);
        this.onClosed = onClosed;
    }

    @Override
    public void frame(FrameKind kind, long ofGroup, ByteBuffer body) throws ProtocolException {
        boolean inPlace = begun
                ? ofGroup == group && started && !ended
                : kind == FrameKind.SNAPSHOT_BEGIN;
        if (inPlace && kind == FrameKind.SNAPSHOT_BEGIN && !begun && body.remaining() >= 16) {
            begin(ofGroup, body);
        } else if (inPlace && kind == FrameKind.SNAPSHOT_PART && body.remaining() > 8) {
            part(body);
        } else if (inPlace && kind == FrameKind.SNAPSHOT_END && body.remaining() == 8) {
            end(body.getLong());
        } else {
            throw new ProtocolException("a frame of kind " + kind + " out of place in a snapshot");
        }
    }

    // ---- the event loop

    private void begin(long ofGroup, ByteBuffer body) throws ProtocolException {
        begun = true;
        group = ofGroup;
        totalBytes = body.getLong();
        long contentId = body.getLong();
        Message message = Incoming.decode(body);
        if (!(message instanceof Message.InstallSnapshot header) || totalBytes < 0
                || header.to() != identity.memberId() || !Incoming.maySay(from, header)) {
            throw new ProtocolException("a snapshot of " + totalBytes + " bytes offered by "
                    + message);
        }
        task(() -> open(new SnapshotOffer(header, totalBytes, contentId)));
    }

    private void part(ByteBuffer body) throws ProtocolException {
        long position = body.getLong();
        int size = body.remaining();
        if (position != received || size > totalBytes - received
                || received + size - written > windowBytes) {
            throw new ProtocolException("snapshot part [" + position + ", " + (position + size)
                    + ") of " + totalBytes + " after " + received + ", written " + written);
        }
        received += size;
        Bytes part = Bytes.copyOf(body);
        task(() -> write(position, part));
    }

    private void end(long total) throws ProtocolException {
        if (total != totalBytes || received != totalBytes) {
            throw new ProtocolException("snapshot ends at " + received + " of " + totalBytes);
        }
        ended = true;
        task(this::complete);
        signLife(COMPLETION_STALLS_MAX * ACKS_PER_STALL);
    }

    /** The sender, which waits for the result, is told again and again that this member works on it. */
    private void signLife(int times) {
        var ignored = loop.schedule(() -> {
            if (!over && times > 0) {
                acknowledge(totalBytes);
                signLife(times - 1);
            }
        }, stallMillis / ACKS_PER_STALL, TimeUnit.MILLISECONDS);
    }

    private void task(Runnable task) {
        if (!tasks.add(task)) {
            connection.close("this member is stopping");
        }
    }

    private void start(long position) throws IOException {
        if (position < 0 || position > totalBytes) {
            throw new IOException("a beginning at " + position + " of " + totalBytes);
        }
        onLoop(() -> {
            started = true;
            received = position;
        });
        acknowledge(position);
    }

    private void acknowledge(long position) {
        onLoop(() -> {
            if (over) {
                return;
            }
            written = position;
            connection.send(FrameKind.SNAPSHOT_ACK, group,
                    ByteBuffer.allocate(16).putLong(position).putLong(windowBytes).flip());
        });
    }

    /** The loop has ended if the member has stopped: then nobody is left to be told. */
    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "a snapshot's task came after the end", e);
        }
    }

    private void answer(boolean accepted, String reason) {
        LOG.log(accepted ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                () -> "snapshot bytes=" + totalBytes + " from peer=" + Long.toHexString(from)
                        + ": " + reason);
        onLoop(() -> {
            over = true;
            ended = true;
            connection.sendAndClose(FrameKind.SNAPSHOT_RESULT,
                    ByteBuffer.allocate(1).put((byte) (accepted ? 1 : 0)).flip(), reason);
        });
    }

    @Override
    public void idle() {
        if (!ended || over) {
            connection.close("no progress");
        }
    }

    @Override
    public void writable() {}

    @Override
    public void closed(String reason) {
        over = true;
        if (!tasks.add(() -> abort(reason))) {
            abort(reason);
        }
        onClosed.run();
    }

    // ---- tasks, one after the other. The sink is not ours: whatever it throws ends this transfer only.

    private void open(SnapshotOffer offer) {
        try {
            Optional<SnapshotSink> opened = listener.openSnapshot(group, from, offer);
            if (opened.isEmpty()) {
                answer(false, "not wanted");
                return;
            }
            sink = opened.get();
            start(opened.get().position());
        } catch (IOException | RuntimeException e) {
            abort("no place for it: " + e);
            answer(false, "no place for it: " + e);
        }
    }

    private void write(long position, Bytes part) {
        SnapshotSink open = sink;
        if (open == null) {
            return;
        }
        try {
            open.write(position, part);
            acknowledge(position + part.size());
        } catch (IOException | RuntimeException e) {
            abort("cannot write: " + e);
            answer(false, "cannot write: " + e);
        }
    }

    private void complete() {
        SnapshotSink open = sink;
        if (open == null) {
            return;
        }
        try {
            boolean accepted = open.complete();
            sink = null;
            answer(accepted, accepted ? "received" : "not accepted");
        } catch (IOException | RuntimeException e) {
            abort("cannot complete: " + e);
            answer(false, "cannot complete: " + e);
        }
    }

    private void abort(String reason) {
        SnapshotSink open = sink;
        sink = null;
        if (open != null) {
            LOG.log(System.Logger.Level.WARNING,
                    () -> "snapshot from peer=" + Long.toHexString(from) + " aborted: " + reason);
            open.abort();
        }
    }
}
