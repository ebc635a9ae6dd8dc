// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.jangada.network.ListenException;
import io.jangada.network.Network;
import io.jangada.network.NetworkListener;
import io.jangada.network.PeerAddress;
import io.jangada.network.PeerStats;
import io.jangada.network.SnapshotSource;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Peers over TCP. Each member connects to each peer and sends on that connection only; what the peer
 * sends comes on the peer's own connection. Snapshots have connections of their own.
 *
 * <p>Both ends introduce themselves within a time limit; another cluster, another member than the one
 * wanted, another protocol version or a removed member is refused, with the reason told to both. A
 * peer that is away is tried again after a pause that grows, and at once when it connects itself. A
 * connection on which nothing is heard is closed. Messages are encoded on the peer's event loop and
 * leave together with all that has queued up meanwhile; when a peer does not read, its queue fills,
 * then drops, and no other peer notices.
 *
 * <p>Thread-safe: a lock guards the membership, which changes rarely; senders read a published copy
 * of it.
 */
public final class TcpNetwork implements Network {
    /** How many removed members are refused; the longest removed are forgotten first. */
    private static final int REMOVED_MAX = 1024;
    private static final long CLOSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

    private final TcpIdentity identity;
    private final List<HostPort> listen;
    private final TcpLimits limits;
    private final TcpRuntime runtime;
    private final ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE,
            true);
    private final TcpOptions options;
    private final Pace pace;
    private final Dialer dialer;
    private final AtomicInteger snapshots = new AtomicInteger();
    private final Set<SnapshotSend> sending = ConcurrentHashMap.newKeySet();
    private final PeerCounters strangers = new PeerCounters();

    private final Map<Long, PeerAddress> addresses = new TreeMap<>(Long::compareUnsigned);
    private final Set<Long> removed = new LinkedHashSet<>();
    private @Nullable NetworkListener listener;
    private @Nullable Acceptor acceptor;
    private boolean closed;

    /** Written under the lock, read by senders; never changed once published. */
    private volatile LongObjectMap<PeerLink> links = new LongObjectHashMap<>();
    /** A copy of {@code removed}, written under the lock, read by event loops. */
    private volatile Set<Long> refused = Set.of();
    /** Written once by start, read by any thread. */
    private volatile List<HostPort> bound = List.of();

    /** A plain network, as with {@link TcpOptions#PLAIN}. */
    public TcpNetwork(TcpIdentity identity, List<HostPort> listen, TcpLimits limits,
            TcpRuntime runtime) {
        this(identity, listen, TcpOptions.PLAIN, limits, runtime);
    }

    /**
     * A network that does nothing before it is started.
     *
     * @param identity this member
     * @param listen where to listen; several are allowed, and port 0
     * @throws IllegalArgumentException if the runtime's event loops are neither epoll nor NIO
     */
    public TcpNetwork(TcpIdentity identity, List<HostPort> listen, TcpOptions options,
            TcpLimits limits, TcpRuntime runtime) {
        this.identity = identity;
        this.listen = List.copyOf(listen);
        this.limits = limits;
        this.runtime = runtime;
        this.pace = new Pace(limits.snapshots().bytesPerSecondMax());
        this.options = options;
        this.dialer = new Dialer(identity, limits, runtime, channels, options);
    }

    /** The addresses listened on, with their real ports, in the order given. Empty before {@link #start}. */
    public List<HostPort> boundAddresses() {
        return bound;
    }

    @Override
    public synchronized void start(NetworkListener listener) throws ListenException {
        if (this.listener != null || closed) {
            throw new IllegalStateException("started or closed before");
        }
        var accepting = new Acceptor(identity, limits, runtime, channels, new KnownPeers(),
                listener, options);
        bound = List.copyOf(accepting.listen(listen));
        this.listener = listener;
        this.acceptor = accepting;
        addresses.values().forEach(peer -> link(peer, listener));
    }

    // ---- messages

    @Override
    public void send(long group, Message message) {
        PeerLink link = links.get(message.to());
        if (link != null) {
            link.send(group, message);
            return;
        }
        unknownPeer(group, message);
    }

    @Override
    public void sendNote(long peer, Bytes note) {
        if (note.size() > NOTE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a note of " + note.size() + " bytes, above " + NOTE_BYTES_MAX);
        }
        PeerLink link = links.get(peer);
        if (link != null) {
            link.note(note);
        }
    }

    /** There is no link to remember that this was told: the core hears it every time, and probes. */
    private void unknownPeer(long group, Message message) {
        NetworkListener now = listenerIfOpen();
        if (now == null) {
            return;
        }
        now.dropped(group, message);
        runtime.loops().next().execute(() -> {
            NetworkListener to = listenerIfOpen();
            if (to != null) {
                to.unreachable(group, message.to());
            }
        });
    }

    private synchronized @Nullable NetworkListener listenerIfOpen() {
        return closed ? null : listener;
    }

    // ---- snapshots

    @Override
    public void sendSnapshot(long group, Message.InstallSnapshot message, SnapshotSource source,
            Consumer<Boolean> delivered) {
        Optional<PeerAddress> peer = address(message.to());
        if (peer.isEmpty() || !startSnapshot()) {
            failSnapshot(source, delivered);
            return;
        }
        var loop = runtime.loops().next();
        var ending = new SnapshotEnding(delivered);
        var send = new SnapshotSend(group, message, source, ending, limits, loop,
                runtime.blocking(), pace);
        ending.send = send;
        sending.add(send);
        send.start(dialer, peer.get());
    }

    private synchronized Optional<PeerAddress> address(long peer) {
        return closed || listener == null
                ? Optional.empty()
                : Optional.ofNullable(addresses.get(peer));
    }

    private boolean startSnapshot() {
        if (snapshots.incrementAndGet() > limits.snapshots().sendsMax()) {
            snapshots.decrementAndGet();
            return false;
        }
        return true;
    }

    private void failSnapshot(SnapshotSource source, Consumer<Boolean> delivered) {
        Runnable fail = () -> {
            source.close();
            delivered.accept(false);
        };
        try {
            runtime.blocking().execute(fail);
        } catch (RejectedExecutionException e) {
            fail.run();
        }
    }

    /** Makes room for the next snapshot before it tells that this one has ended. */
    private final class SnapshotEnding implements Consumer<Boolean> {
        private final Consumer<Boolean> delivered;
        private @Nullable SnapshotSend send;

        SnapshotEnding(Consumer<Boolean> delivered) {
            this.delivered = delivered;
        }

        @Override
        public void accept(Boolean success) {
            if (send != null) {
                sending.remove(send);
            }
            snapshots.decrementAndGet();
            delivered.accept(success);
        }
    }

    // ---- membership

    @Override
    public void addPeer(PeerAddress peer) {
        updatePeer(peer);
    }

    @Override
    public synchronized void updatePeer(PeerAddress peer) {
        if (peer.id() == identity.memberId()) {
            throw new IllegalArgumentException(
                    "member " + Long.toHexString(peer.id()) + " is no peer of itself");
        }
        if (removed.remove(peer.id())) {
            refused = Set.copyOf(removed);
        }
        addresses.put(peer.id(), peer);
        NetworkListener to = listener;
        if (to == null || closed) {
            return;
        }
        PeerLink link = links.get(peer.id());
        if (link == null) {
            link(peer, to);
        } else {
            link.update(peer);
        }
    }

    @Override
    public synchronized void removePeer(long peer) {
        addresses.remove(peer);
        removed.add(peer);
        if (removed.size() > REMOVED_MAX) {
            removed.remove(removed.iterator().next());
        }
        refused = Set.copyOf(removed);
        PeerLink link = links.get(peer);
        if (link != null) {
            var fewer = copyOfLinks();
            fewer.remove(peer);
            links = fewer;
            var ignored = link.close();
        }
        if (acceptor != null) {
            acceptor.disconnect(peer, "the peer was removed from the cluster");
        }
    }

    private void link(PeerAddress peer, NetworkListener to) {
        var backoff = new Backoff(limits.times(),
                new SplittableRandom(runtime.random().nextLong()));
        var link = new PeerLink(peer, runtime.loops().next(), dialer, limits, to, backoff,
                runtime.clock());
        var more = copyOfLinks();
        more.put(peer.id(), link);
        links = more;
        link.open();
    }

    private LongObjectMap<PeerLink> copyOfLinks() {
        var copy = new LongObjectHashMap<PeerLink>();
        links.entries().forEach(entry -> copy.put(entry.key(), entry.value()));
        return copy;
    }

    private final class KnownPeers implements Acceptor.Peers {
        @Override
        public boolean isRemoved(long peer) {
            return refused.contains(peer);
        }

        @Override
        public void connected(long peer) {
            PeerLink link = links.get(peer);
            if (link != null) {
                link.peerIsUp();
            }
        }

        @Override
        public PeerCounters counters(long peer) {
            PeerLink link = links.get(peer);
            return link == null ? strangers : link.counters();
        }
    }

    @Override
    public synchronized List<PeerStats> stats() {
        var stats = new ArrayList<PeerStats>();
        for (long peer : addresses.keySet()) {
            PeerLink link = links.get(peer);
            if (link != null) {
                stats.add(link.stats());
            }
        }
        return stats;
    }

    // ---- the end

    @Override
    public void close() {
        var closing = new ArrayList<Future<?>>();
        synchronized (this) {
            closed = true;
            links.values().forEach(link -> closing.add(link.close()));
            links = new LongObjectHashMap<>();
        }
        sending.forEach(send -> send.cancel("this member is stopping"));
        closing.add(channels.close());
        if (!isEventLoop(runtime.loops())) {
            await(closing);
        }
    }

    /* What is not closed by then closes when it can: nothing is delivered from it any more. */
    private static void await(List<Future<?>> closing) {
        long end = System.nanoTime() + CLOSE_NANOS_MAX;
        for (Future<?> one : closing) {
            boolean ignored = one.awaitUninterruptibly(Math.max(1, end - System.nanoTime()),
                    TimeUnit.NANOSECONDS);
        }
    }

    private static boolean isEventLoop(EventLoopGroup loops) {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }
}
