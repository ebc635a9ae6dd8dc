// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Keeps what it is told. The fields say how it behaves. */
public final class RecordingListener implements NetworkListener {
    /** How long a test waits for what must come. */
    public static final long PATIENCE_SECONDS = 20;

    /** What arrived. */
    public final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    /** The groups of what arrived. */
    public final BlockingQueue<Long> groups = new LinkedBlockingQueue<>();
    /** Who is unreachable. */
    public final BlockingQueue<Long> unreachable = new LinkedBlockingQueue<>();
    /** What certainly did not leave. */
    public final BlockingQueue<Message> dropped = new LinkedBlockingQueue<>();
    /** Notes that arrived. */
    public final BlockingQueue<Bytes> notes = new LinkedBlockingQueue<>();
    /** Gets the way back of each note. */
    public volatile Consumer<Consumer<Bytes>> onNote = ignored -> {};
    /** Who connected. */
    public final BlockingQueue<Long> connected = new LinkedBlockingQueue<>();
    /** Who says that this member was removed. */
    public final BlockingQueue<Long> removedBy = new LinkedBlockingQueue<>();
    /** What is told of groups, by their numbers. */
    public final Map<Long, Bytes> rosters = new ConcurrentHashMap<>();
    /** Snapshots that arrived whole. */
    public final BlockingQueue<Bytes> snapshots = new LinkedBlockingQueue<>();
    /** What came with the last snapshot that was offered. */
    public final CompletableFuture<Message.InstallSnapshot> header = new CompletableFuture<>();
    /** Completed by an abort. */
    public final CompletableFuture<Boolean> aborted = new CompletableFuture<>();
    /** How many sinks were opened. */
    public final AtomicInteger opened = new AtomicInteger();
    /** What is done when a peer connects. */
    public volatile LongConsumer onConnected = ignored -> {};
    /** Whether messages are refused. */
    public volatile boolean busy;
    /** Whether snapshots are refused. */
    public volatile boolean wantsNone;
    /** Whether snapshots are refused when they are complete. */
    public volatile boolean rejects;
    /** From which position on writes fail. */
    public volatile long failsAt = Long.MAX_VALUE;

    /** Whether what has come of a broken snapshot is kept. */
    public volatile boolean keeps;
    /** What was kept. */
    public final AtomicReference<Bytes> partial = new AtomicReference<>(Bytes.EMPTY);
    private final AtomicReference<@Nullable SnapshotOffer> partialOffer = new AtomicReference<>();

    /** What the completion of a snapshot waits for. */
    public volatile CountDownLatch completing = new CountDownLatch(0);

    @Override
    public void removedBy(long peer) {
        removedBy.add(peer);
    }

    @Override
    public Optional<Bytes> roster(long group) {
        return Optional.ofNullable(rosters.get(group));
    }

    @Override
    public boolean receive(long group, Message message) {
        if (busy) {
            return false;
        }
        groups.add(group);
        received.add(message);
        return true;
    }

    @Override
    public void unreachable(long group, long peer) {
        unreachable.add(peer);
    }

    @Override
    public void connected(long peer) {
        onConnected.accept(peer);
        connected.add(peer);
    }

    @Override
    public void note(long from, Bytes note, Consumer<Bytes> reply) {
        notes.add(note);
        onNote.accept(reply);
    }

    @Override
    public void dropped(long group, Message message) {
        dropped.add(message);
    }

    @Override
    public Optional<SnapshotSink> openSnapshot(long group, long from, SnapshotOffer offer) {
        header.complete(offer.header());
        opened.incrementAndGet();
        Bytes begin = partial.getAndSet(Bytes.EMPTY);
        SnapshotOffer before = partialOffer.getAndSet(offer);
        boolean same = before != null && before.isSameContent(offer);
        return wantsNone
                ? Optional.empty()
                : Optional.of(new Sink(offer.totalBytes(), same ? begin : Bytes.EMPTY));
    }

    /** The next message; fails if none comes. */
    public Message next() throws InterruptedException {
        return next(received);
    }

    /** The next of {@code queue}; fails if none comes. */
    public static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        @Nullable
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came within " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    private final class Sink implements SnapshotSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final long totalBytes;

        Sink(long totalBytes, Bytes begin) {
            this.totalBytes = totalBytes;
            bytes.writeBytes(begin.toByteArray());
        }

        @Override
        public long position() {
            return bytes.size();
        }

        @Override
        public void write(long position, Bytes part) throws IOException {
            if (position >= failsAt) {
                throw new IOException("disk full");
            }
            if (position != bytes.size()) {
                throw new IOException("a gap at " + position);
            }
            bytes.write(part.toByteArray());
        }

        @Override
        public boolean complete() throws IOException {
            try {
                completing.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (bytes.size() != totalBytes) {
                throw new IOException(bytes.size() + " of " + totalBytes);
            }
            snapshots.add(Bytes.wrap(bytes.toByteArray()));
            return !rejects;
        }

        @Override
        public void abort() {
            if (keeps) {
                partial.set(Bytes.wrap(bytes.toByteArray()));
            }
            aborted.complete(true);
        }
    }
}
