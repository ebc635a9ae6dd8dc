// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.HostPort;
import io.jangada.network.Network;
import io.jangada.network.NetworkListener;
import io.jangada.network.PeerAddress;
import io.jangada.network.SnapshotOffer;
import io.jangada.network.SnapshotSink;
import io.jangada.network.tcp.TcpNetwork;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.storage.SlabPool;
import io.jangada.wal.SnapshotMark;
import io.jangada.wal.SnapshotStore;
import io.jangada.wal.Wal;
import io.jangada.wal.WalCorruptException;
import io.jangada.wal.WalIdentity;
import io.jangada.wal.WalRecovery;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * What all groups of a process share: the log, the snapshot files, the network and the loops. One force
 * of the log serves every group that waits. Thread-safe.
 *
 * <p>A group of one in 20 lines: open a host with a directory, start a group with one {@link Member},
 * propose. Three members differ only in the list.
 */
public final class RaftHost implements AutoCloseable {
    /** What is kept of the memory of logs that have been cut, for logs that grow. */
    private static final long SLAB_BYTES_MAX = 64 << 20;

    private static final Logger LOGGER = System.getLogger(RaftHost.class.getName());
    private static final long HAND_OVER_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long CLOSE_MILLIS = 5_000;
    private static final int SNAPSHOTS_RETAINED = 3;

    private final long clusterId;
    private final HostParts parts;
    private final EventLoop walLoop;
    private final HostNetwork transport;
    private final Identity identity;
    private final Losses losses;
    private final Introductions introductions;
    private final boolean logIsLost;
    private final int recordBytesMax;
    private final Map<Long, WalRecovery.Group> found = new ConcurrentHashMap<>();
    private final Map<Long, RaftNode<?>> groups = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * A host of the member {@code memberId}, which keeps its log in {@code directory/wal} and its
     * snapshots in {@code directory/snap}.
     *
     * @param clusterId the same on all members; others are refused
     * @param memberId never 0
     */
    public static RaftHostBuilder builder(long clusterId, long memberId, Path directory) {
        return new RaftHostBuilder(clusterId, memberId, directory);
    }

    private RaftHost(RaftHostBuilder from, HostNetwork transport, EventLoop nodeLoop,
            EventLoop walLoop, WalRecovery recovery, SnapshotStore snapshots,
            Identity identity) {
        clusterId = from.clusterId();
        this.transport = transport;
        this.walLoop = walLoop;
        losses = new Losses(identity, nodeLoop, walLoop, from.random(), this::fail);
        Instruments instruments = new Instruments(from.metrics(), from.loops().clock());
        parts = new HostParts(from.memberId(), nodeLoop,
                from.loops().loop("apply-" + Long.toHexString(from.memberId()), this::fail),
                new WalWriter(recovery.wal(), walLoop, instruments), snapshots,
                transport.network(),
                new HostPeers(transport.network(), from.memberId(), from.disk(),
                        from.snapshotDirectory().resolveSibling("peers")),
                from.loops(), instruments, from.random(), losses,
                new SlabPool(SLAB_BYTES_MAX));
        this.identity = identity;
        recordBytesMax = from.wal().recordBytesMax();
        logIsLost = recovery.isNew() && identity.record().number() > 1;
        introductions = new Introductions(parts, identity, losses, walLoop,
                () -> groups.values().stream().map(RaftNode::promises).toList(), this::fail);
    }

    /** Opens the log, then the network; lets go of the log if the network cannot be had. */
    static RaftHost open(RaftHostBuilder from) throws IOException {
        WalIdentity identity = new WalIdentity(from.clusterId(), from.memberId());
        WalRecovery recovery = openLog(from, identity);
        HostNetwork transport = null;
        Identity record = null;
        RaftHost host = null;
        boolean opened = false;
        try {
            SnapshotStore snapshots = SnapshotStore.open(from.disk(), from.snapshotDirectory(),
                    identity, SNAPSHOTS_RETAINED);
            record = Identity.open(from.disk(), from.walDirectory(), from.clusterId(),
                    from.memberId(), from.random().nextLong());
            transport = HostNetwork.of(from);
            String id = Long.toHexString(from.memberId());
            AtomicReference<RaftHost> made = new AtomicReference<>();
            EventLoop nodeLoop = from.loops().loop("raft-node-" + id,
                    cause -> made.get().fail(cause));
            EventLoop walLoop = from.loops().loop("wal-" + id, cause -> made.get().fail(cause));
            host = new RaftHost(from, transport, nodeLoop, walLoop, recovery, snapshots,
                    record);
            made.set(host);
            for (WalRecovery.Group group : recovery.groups()) {
                host.found.put(group.group(), group);
            }
            transport.network().start(host.new Incoming());
            host.introductions.start();
            opened = true;
            return host;
        } finally {
            if (!opened) {
                if (host != null) {
                    host.endLoops();
                }
                recovery.wal().close();
                if (record != null) {
                    record.close();
                }
                if (transport != null) {
                    transport.close();
                }
            }
        }
    }

    private static WalRecovery openLog(RaftHostBuilder from, WalIdentity identity)
            throws IOException {
        try {
            return Wal.open(from.disk(), from.walDirectory(), from.wal(), identity,
                    from.loops().background());
        } catch (WalCorruptException damaged) {
            if (from.damagedLog() == DamagedLog.REFUSE) {
                throw damaged;
            }
            int count = Wal.setAside(from.disk(), from.walDirectory());
            LOGGER.log(Level.ERROR, "the log was damaged and is set aside, the peers have to"
                    + " repair this member segments=" + count, damaged);
            return Wal.open(from.disk(), from.walDirectory(), from.wal(), identity,
                    from.loops().background());
        }
    }

    /**
     * Starts a group: recovers it from the disk, or begins or joins it. Blocks while it reads the disk.
     *
     * @throws IOException if the disk fails, or what is on it does not fit together
     * @throws IllegalArgumentException if the group has been started, or does not have this member, or a proposal
     *     that it allows would not fit into a record of the log
     * @throws IllegalStateException if the host is closed
     */
    public <R> RaftNode<R> start(GroupConfig config, StateMachine<R> machine) throws IOException {
        if (closing.get()) {
            throw new IllegalStateException("the host of member "
                    + Long.toHexString(parts.memberId()) + " is closed");
        }
        if (config.members().stream().noneMatch(one -> one.id() == parts.memberId())) {
            throw new IllegalArgumentException("member " + Long.toHexString(parts.memberId())
                    + " is not among the members of group " + config.group());
        }
        if (groups.containsKey(config.group())) {
            throw new IllegalArgumentException("group " + config.group() + " is started");
        }
        int bytesMax = config.limits().proposalBytesMax();
        if (bytesMax > recordBytesMax - Envelope.HEADER_BYTES) {
            throw new IllegalArgumentException("proposalBytesMax is " + bytesMax
                    + ", which does not fit into a record of the log: recordBytesMax is "
                    + recordBytesMax + ", " + Envelope.HEADER_BYTES + " of them for the envelope");
        }
        if (logIsLost) {
            lost(config);
        }
        for (Member member : config.members()) {
            if (member.id() != parts.memberId() && !member.addresses().isEmpty()) {
                network().addPeer(new PeerAddress(member.id(), member.addresses()));
            }
        }
        RaftNode<R> node = RaftNode.start(config, machine, parts,
                Optional.ofNullable(found.remove(config.group())),
                (resets, mark, hardState) -> writeNow(config.group(), resets, mark, hardState),
                introductions::isWhole);
        introductions.groupStarting(node.promises());
        groups.put(config.group(), node);
        return node;
    }

    /* The directory was used before, and its log is gone: deleted, or damaged and set aside. */
    private void lost(GroupConfig config) throws IOException {
        if (config.members().size() == 1) {
            throw new IOException("member " + Long.toHexString(parts.memberId())
                    + " has run before, but its log is gone, and group " + config.group()
                    + " has no other member to repair it");
        }
        losses.add(config.group());
    }

    private void writeNow(long group, boolean resets, SnapshotMark mark, HardState hardState)
            throws IOException {
        StorageAppend append = new StorageAppend(hardState, List.of(), Snapshot.EMPTY, List.of(),
                null);
        AtomicReference<IOException> failure = new AtomicReference<>();
        walLoop.executeAndWait(() -> {
            try {
                parts.writer().writeNow(group, resets, mark, append);
            } catch (IOException e) {
                failure.set(e);
            }
        });
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    /** This member's id. */
    public long memberId() {
        return parts.memberId();
    }

    /** The network, for adding and removing peers. */
    public Network network() {
        return parts.network();
    }

    /** Where the host's own TCP network listens; empty if another network was plugged in. */
    public List<HostPort> boundAddresses() {
        return network() instanceof TcpNetwork tcp ? tcp.boundAddresses() : List.of();
    }

    /** How often the log was forced since the start: a figure for metrics. */
    public long forces() {
        return parts.writer().forces();
    }

    /** What nobody expected: all groups stop, the data stays. */
    private void fail(Throwable cause) {
        LOGGER.log(Level.ERROR, "a loop failed, the member stops", cause);
        groups.values().forEach(group -> group.fail(cause));
    }

    /** As {@link #close}, without waiting. */
    public CompletableFuture<Void> closeAsync() {
        if (!closing.compareAndSet(false, true)) {
            return closed;
        }
        List<CompletableFuture<?>> handedOver = new ArrayList<>();
        groups.values().forEach(group -> handedOver.add(group.handOver()));
        CompletableFuture<Void> timeUp = new CompletableFuture<>();
        parts.nodeLoop().schedule(() -> timeUp.complete(null), HAND_OVER_NANOS);
        CompletableFuture<?> unusedEnd = CompletableFuture.anyOf(timeUp, all(handedOver))
                .whenComplete((ignored, failure) -> stopAll());
        return closed;
    }

    private void stopAll() {
        List<CompletableFuture<?>> stopped = new ArrayList<>();
        groups.values().forEach(group -> stopped.add(group.stop()));
        CompletableFuture<?> unusedEnd = all(stopped)
                .whenComplete((ignored, failure) -> walLoop.execute(() -> {
                    try {
                        parts.writer().close();
                        identity.close();
                    } catch (IOException e) {
                        LOGGER.log(Level.WARNING, "log not closed", e);
                    }
                    parts.loops().background().execute(() -> {
                        transport.close();
                        endLoops();
                        closed.complete(null);
                    });
                }));
    }

    private void endLoops() {
        List.of(walLoop, parts.applyLoop(), parts.nodeLoop()).forEach(EventLoop::close);
    }

    private static CompletableFuture<Void> all(List<CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Hands leadership over where this member leads and another is there to take it, for at most 1 s,
     * then stops all groups and lets go of everything. Idempotent.
     */
    @Override
    public void close() {
        try {
            closeAsync().get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.log(Level.WARNING, "not closed in order", e);
        }
    }

    /** What comes from the peers. */
    private final class Incoming implements NetworkListener {
        @Override
        public boolean receive(long group, Message message) {
            RaftNode<?> node = groups.get(group);
            return node != null && (!introductions.counts(node.promises(), message)
                    || node.receive(message));
        }

        @Override
        public void unreachable(long group, long peer) {
            RaftNode<?> node = groups.get(group);
            if (node != null) {
                node.unreachable(peer);
            }
        }

        @Override
        public void dropped(long group, Message message) {
            RaftNode<?> node = groups.get(group);
            if (node != null) {
                node.dropped(message);
            }
        }

        @Override
        public void connected(long peer) {
            introductions.connected(peer);
        }

        @Override
        public Optional<Bytes> roster(long group) {
            RaftNode<?> node = groups.get(group);
            return node == null
                    ? Optional.empty()
                    : Optional.of(new Roster(clusterId, node.roster()).encode())
                            .filter(roster -> roster.size() <= Network.NOTE_BYTES_MAX);
        }

        @Override
        public void removedBy(long peer) {
            groups.values().forEach(node -> node.removedBy(peer));
        }

        @Override
        public void note(long from, Bytes note, Consumer<Bytes> reply) {
            Optional<SnapshotNote> aboutSnapshots = SnapshotNote.decode(note);
            if (aboutSnapshots.isEmpty()) {
                introductions.note(from, note, reply);
                return;
            }
            RaftNode<?> node = groups.get(aboutSnapshots.get().group());
            if (node != null) {
                node.heard(from, aboutSnapshots.get());
            }
        }

        @Override
        public Optional<SnapshotSink> openSnapshot(long group, long from, SnapshotOffer offer)
                throws IOException {
            RaftNode<?> node = groups.get(group);
            return node == null ? Optional.empty() : node.openSnapshot(from, offer);
        }
    }
}
