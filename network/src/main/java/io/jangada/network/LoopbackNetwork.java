// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network;

import io.jangada.network.codec.MalformedMessageException;
import io.jangada.network.codec.MessageCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One member of a {@link LoopbackHub}. Thread-safe: its lock is not held while others are called. */
final class LoopbackNetwork implements Network {
    private static final int PART_BYTES = 64 << 10;

    private record Unreachable(long group, long peer) {}

    private final LoopbackHub hub;
    private final long member;
    private final Executor executor;
    private final Set<Long> removed = new HashSet<>();
    /** Those to whom it is connected: it has been told, and may send. */
    private final Set<Long> met = new HashSet<>();
    private final Set<Unreachable> told = new HashSet<>();
    private final Map<Long, Counts> counts = new TreeMap<>();
    private @Nullable NetworkListener listener;
    private boolean closed;

    LoopbackNetwork(LoopbackHub hub, long member, Executor executor) {
        this.hub = hub;
        this.member = member;
        this.executor = executor;
    }

    long member() {
        return member;
    }

    @Override
    public void start(NetworkListener listener) {
        synchronized (this) {
            if (this.listener != null || closed) {
                throw new IllegalStateException("started or closed before");
            }
            this.listener = listener;
        }
        hub.announce(this);
    }

    @Override
    public void send(long group, Message message) {
        long bytes = MessageCodec.encodedBytes(message);
        boolean sent = sendsTo(message.to()) && hub.send(member, group, recoded(message));
        if (!sent) {
            ifStarted(to -> to.dropped(group, message));
        }
        var unreachable = new Unreachable(group, message.to());
        synchronized (this) {
            Counts peer = counts.computeIfAbsent(message.to(), ignored -> new Counts());
            peer.count(sent ? peer.sent : peer.dropped, bytes);
            if (sent) {
                told.remove(unreachable);
                return;
            }
            if (!told.add(unreachable)) {
                return;
            }
        }
        executor.execute(() -> ifStarted(to -> to.unreachable(group, message.to())));
    }

    @Override
    public void sendSnapshot(long group, Message.InstallSnapshot message, SnapshotSource source,
            Consumer<Boolean> delivered) {
        var header = (Message.InstallSnapshot) recoded(message);
        var transfer = new Transfer(group, header, source, delivered);
        if (!isConnected(message.to())) {
            executor.execute(() -> transfer.end(false));
            return;
        }
        hub.carry(member, message.to(), Optional.of(header),
                recipient -> recipient.executor.execute(() -> transfer.into(recipient)),
                () -> executor.execute(() -> transfer.end(false)));
    }

    @Override
    public void sendNote(long peer, Bytes note) {
        if (note.size() > NOTE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a note of " + note.size() + " bytes, above " + NOTE_BYTES_MAX);
        }
        if (isConnected(peer)) {
            hub.carry(member, peer, Optional.empty(), recipient -> recipient.hear(member, note),
                    () -> {});
        }
    }

    private void hear(long from, Bytes note) {
        executor.execute(() -> ifStarted(
                to -> to.note(from, note, answer -> sendNote(from, answer))));
    }

    /** Connects to {@code peer} and tells this member, as a task, before which nothing is sent. */
    void meet(long peer) {
        executor.execute(() -> ifStarted(to -> {
            synchronized (this) {
                met.add(peer);
            }
            to.connected(peer);
        }));
    }

    /** The connection to {@code peer} is broken. */
    synchronized void lose(long peer) {
        met.remove(peer);
    }

    private synchronized boolean sendsTo(long peer) {
        return admits(peer) && met.contains(peer);
    }

    /** Takes a message from the hub and makes it a task. */
    void accept(long from, long group, Message message) {
        executor.execute(() -> ifStarted(to -> {
            boolean taken = to.receive(group, message);
            synchronized (this) {
                Counts peer = counts.computeIfAbsent(from, ignored -> new Counts());
                peer.count(taken ? peer.received : peer.refused,
                        MessageCodec.encodedBytes(message));
            }
        }));
    }

    /** Runs as this member's task, which may block here: the whole snapshot moves in it. */
    private boolean install(long from, long group, Message.InstallSnapshot header,
            SnapshotSource source) {
        NetworkListener to = startedListener();
        if (to == null) {
            return false;
        }
        try {
            Optional<SnapshotSink> sink = to.openSnapshot(group, from,
                    new SnapshotOffer(header, source.totalBytes(), source.contentId()));
            return sink.isPresent() && copy(from, source, sink.get());
        } catch (IOException refused) {
            return false;
        }
    }

    private boolean copy(long from, SnapshotSource source, SnapshotSink sink) {
        try {
            long position = sink.position();
            while (position < source.totalBytes()) {
                if (hub.reach(from, member) == null) {
                    throw new IOException("the link is cut");
                }
                int size = (int) Math.min(PART_BYTES, source.totalBytes() - position);
                ByteBuffer part = ByteBuffer.allocate(size);
                source.read(position, part);
                sink.write(position, Bytes.copyOf(part.flip()));
                position += size;
            }
            return sink.complete();
        } catch (IOException failed) {
            sink.abort();
            return false;
        }
    }

    private void ifStarted(Consumer<NetworkListener> call) {
        NetworkListener to = startedListener();
        if (to != null) {
            call.accept(to);
        }
    }

    boolean isStarted() {
        return startedListener() != null;
    }

    private synchronized @Nullable NetworkListener startedListener() {
        return closed ? null : listener;
    }

    synchronized boolean admits(long peer) {
        return !closed && listener != null && !removed.contains(peer);
    }

    private static Message recoded(Message message) {
        ByteBuffer bytes = ByteBuffer.allocate((int) MessageCodec.encodedBytes(message));
        MessageCodec.encode(message, bytes);
        try {
            return MessageCodec.decode(bytes.flip());
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException("a message that no peer would take: " + message, e);
        }
    }

    @Override
    public void addPeer(PeerAddress peer) {
        updatePeer(peer);
    }

    @Override
    public synchronized void updatePeer(PeerAddress peer) {
        if (peer.id() == member) {
            throw new IllegalArgumentException("member " + member + " is no peer of itself");
        }
        removed.remove(peer.id());
    }

    @Override
    public synchronized void removePeer(long peer) {
        removed.add(peer);
    }

    @Override
    public synchronized List<PeerStats> stats() {
        var stats = new ArrayList<PeerStats>();
        counts.forEach((peer, count) -> stats.add(count.stats(peer)));
        return stats;
    }

    @Override
    public boolean isConnected(long peer) {
        LoopbackNetwork other = hub.reach(member, peer);
        return other != null && sendsTo(peer) && other.admits(member);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        hub.leave(this);
    }

    /** A snapshot on its way, which ends once. */
    private final class Transfer {
        private final long group;
        private final Message.InstallSnapshot header;
        private final SnapshotSource source;
        private final Consumer<Boolean> delivered;
        private final AtomicBoolean ended = new AtomicBoolean();

        Transfer(long group, Message.InstallSnapshot header, SnapshotSource source,
                Consumer<Boolean> delivered) {
            this.group = group;
            this.header = header;
            this.source = source;
            this.delivered = delivered;
        }

        /** As a task of the recipient. */
        void into(LoopbackNetwork recipient) {
            if (!ended.get()) {
                boolean accepted = recipient.install(member, group, header, source);
                executor.execute(() -> end(accepted));
            }
        }

        void end(boolean accepted) {
            if (ended.compareAndSet(false, true)) {
                source.close();
                delivered.accept(accepted);
            }
        }
    }

    /** Figures of one peer, guarded by the network's lock; each is messages and bytes. */
    private static final class Counts {
        private final long[] sent = new long[2];
        private final long[] dropped = new long[2];
        private final long[] received = new long[2];
        private final long[] refused = new long[2];

        void count(long[] traffic, long bytes) {
            traffic[0]++;
            traffic[1] += bytes;
        }

        PeerStats stats(long peer) {
            return new PeerStats(peer, new PeerStats.Connection(Optional.empty(), 0, ""),
                    traffic(sent), traffic(dropped), traffic(received), traffic(refused),
                    PeerStats.Traffic.NONE);
        }

        private static PeerStats.Traffic traffic(long[] counted) {
            return new PeerStats.Traffic(counted[0], counted[1]);
        }
    }
}
