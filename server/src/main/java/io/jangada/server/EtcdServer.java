// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;
import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.membership.Attributes;
import io.jangada.api.membership.ClusterMemberAttrSetRequest;
import io.jangada.api.membership.Member;
import io.jangada.api.membership.RaftAttributes;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.WatchHub;
import io.jangada.mvcc.WatchLimits;
import io.jangada.mvcc.rocksdb.RocksBackend;
import io.jangada.mvcc.rocksdb.RocksLimits;
import io.jangada.network.HostPort;
import io.jangada.network.Network;
import io.jangada.network.tcp.TcpIdentity;
import io.jangada.network.tcp.TcpInquiry;
import io.jangada.network.tcp.TcpLimits;
import io.jangada.network.tcp.TcpNetwork;
import io.jangada.network.tcp.TcpOptions;
import io.jangada.network.tcp.TcpRuntime;
import io.jangada.network.tls.TlsContexts;
import io.jangada.raftnode.DamagedLog;
import io.jangada.raftnode.EventLoop;
import io.jangada.raftnode.GroupConfig;
import io.jangada.raftnode.GroupLimits;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.RaftHost;
import io.jangada.raftnode.RaftNode;
import io.jangada.server.answer.LongAnswers;
import io.jangada.server.apply.Applier;
import io.jangada.server.apply.ApplyResult;
import io.jangada.server.apply.Members;
import io.jangada.server.apply.TimedMachine;
import io.jangada.server.auth.AuthStore;
import io.jangada.server.auth.Caller;
import io.jangada.server.auth.JwtTokens;
import io.jangada.server.auth.SimpleTokens;
import io.jangada.server.auth.Tokens;
import io.jangada.server.cluster.VoterPromotion;
import io.jangada.server.config.AuthConfig;
import io.jangada.server.config.Bootstrap;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.InitialClusterState;
import io.jangada.server.config.RegistryConfig;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import io.jangada.server.corruption.CorruptionChecker;
import io.jangada.server.discovery.DiscoveryException;
import io.jangada.server.discovery.Registry;
import io.jangada.server.discovery.SrvRecords;
import io.jangada.server.error.EtcdError;
import io.jangada.server.grpc.CorruptGuard;
import io.jangada.server.grpc.GatedRegistry;
import io.jangada.server.grpc.MemberChannels;
import io.jangada.server.http.HttpSite;
import io.jangada.server.lease.LeaseKeeper;
import io.jangada.server.member.LocalMember;
import io.jangada.server.metrics.ServerMetrics;
import io.jangada.server.metrics.TimedBackend;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member that runs: consensus, store and API in this process. Thread-safe. */
public final class EtcdServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdServer.class);
    static final long GROUP = 1;
    /** What an entry has besides the request: who asks. */
    private static final int HEADER_BYTES_MAX = 64 << 10;
    private static final long REMOVED_DELAY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final String REMOVED = " has been permanently removed from the cluster: its data"
            + " directory is of no more use";
    private static final long PUBLISH_RETRY_NANOS = Duration.ofMillis(500).toNanos();

    private final ServerConfig config;
    private final UnaryOperator<Network> wires;
    private final GatedRegistry registry = new GatedRegistry();
    private final ServerLoops loops = new ServerLoops();
    private final EventLoopGroup netty;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final EventLoop loop;
    private final EventLoop watchLoop;
    private final LeaseKeeper leases;
    private final AuthStore auth = new AuthStore();
    private final ServerMetrics metrics = new ServerMetrics();
    private final ThreadPoolExecutor readers;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final CorruptGuard corruptGuard = new CorruptGuard();
    private final LongAnswers answers = new LongAnswers(new SecureRandom());
    private final MemberTls tls;
    /** Of the starting thread, as the two below. */
    private @Nullable TlsContexts clientTls;
    private TcpOptions peerOptions = TcpOptions.PLAIN;
    private @Nullable ClientPorts ports;
    private boolean closed;
    /** Of the apply loop. */
    private boolean wasNamed;
    /** Written once by the starting thread; read by the Netty loops. */
    private volatile @Nullable LocalMember member;

    private EtcdServer(ServerConfig config, UnaryOperator<Network> wires) {
        this.config = config;
        this.wires = wires;
        this.netty = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors() > 2 ? 2 : 1,
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loop = loops.loop("server-" + config.name(), this::failed);
        this.watchLoop = loops.loop("watch-" + config.name(), this::failed);
        this.tls = new MemberTls(config, loops.background());
        this.leases = new LeaseKeeper(loop, loops.clock());
        this.readers = new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(config.limits().rangesWaitingMax()),
                Thread.ofPlatform().daemon().name("read-" + config.name() + "-", 0).factory());
    }

    /**
     * Starts a member. Blocks while it reads the disk, not until it has a leader.
     *
     * @throws StartException if a port is in use, or the data directory is locked, damaged, unreadable
     *     or another member's; a port in use writes nothing but certificates that
     *     the member makes for itself
     */
    public static EtcdServer start(ServerConfig config) throws StartException {
        return start(config, UnaryOperator.identity());
    }

    /**
     * Starts a member that talks to its peers through what {@code wires} makes of its network: for tests that
     * cut it off.
     *
     * @throws StartException as {@link #start(ServerConfig)}
     */
    public static EtcdServer start(ServerConfig config, UnaryOperator<Network> wires)
            throws StartException {
        EtcdServer server = new EtcdServer(config, wires);
        try {
            server.listen();
            server.run();
            return server;
        } catch (StartException refused) {
            server.release();
            throw refused;
        } catch (IOException | RuntimeException | LinkageError failed) {
            server.release();
            throw StartException.because(failed);
        }
    }

    private void listen() throws StartException, IOException {
        config.tlsNotes().forEach(LOGGER::warn);
        clientTls = tls.clients().orElse(null);
        for (ServerUrl url : config.listenPeerUrls()) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(ClientPorts.address(url.hostPort()));
            } catch (IOException busy) {
                throw new StartException("cannot listen on peer URL " + url + ": "
                        + busy.getMessage(), busy);
            }
        }
        HttpSite site = new HttpSite(config, () -> Optional.ofNullable(member), metrics::text,
                registry, metrics.grpc());
        ClientPorts opening = new ClientPorts(config, netty, registry, metrics.grpc(), site,
                answers, clientTls);
        own(opening);
        opening.open();
        ports = opening;
    }

    private void run() throws StartException, IOException {
        peerOptions = tls.peers();
        Tokens tokens = tokens(); // Before anything is applied, which may tell of some.
        DataDirectory data = DataDirectory.open(config.dataDir(), this::beginning);
        own(data);
        DataDirectory.Identity identity = data.identity();
        Path directory = config.dataDir().resolve("member");
        Quarantine quarantine = Quarantine.open(directory, config.walDir());
        MvccStore store = MvccStore
                .open(new TimedBackend(RocksBackend.open(directory.resolve("db"),
                        RocksLimits.DEFAULT), loops.clock(), metrics.store()::committed));
        own(store);
        Set<Long> removed = removed(store, identity.memberId());
        Map<Long, List<String>> peerUrls = peerUrls(identity, store, quarantine.peerUrls());
        RaftHost host = RaftHost
                .builder(identity.clusterId(), identity.memberId(), directory)
                .network(wires.apply(peers(identity)))
                .walDirectory(config.walDir()).loops(loops).metrics(metrics.raft())
                .damagedLog(peerUrls.size() > 1
                        ? DamagedLog.REJOIN
                        : DamagedLog.REFUSE)
                .open();
        own(host);
        removed.forEach(host.network()::removePeer);
        WatchHub hub = WatchHub.attach(store, watchLoop, WatchLimits.DEFAULT);
        store.listen(metrics.store().counting(hub));
        CorruptionChecker corruption = new CorruptionChecker(config.corruption(),
                identity.memberId(), quarantine::isUnderWay,
                corrupt -> named(corrupt, identity.memberId(), store, quarantine));
        AppliedEffects effects = new AppliedEffects(store, loops::applyLoop,
                config.compactionPace(), leases, corruption,
                metrics.store(), loops.clock());
        Applier applier = new Applier(store, members(identity), effects, auth);
        RaftNode<ApplyResult> node = host.start(group(peerUrls, quarantine.isUnderWay()
                ? GroupStart.JOIN
                : start()), new TimedMachine<>(applier,
                        loops.clock(), config.warningApplyDuration(), metrics::slowApply));
        LocalMember started = new LocalMember(config, identity.clusterId(), identity.memberId(),
                store, node, new RequestLoop(loop), loops.clock(),
                task -> readers.execute(RequestLoop.guarded(task)));
        metrics.attach(started, host.network());
        member = started;
        node.addObserver(new MemberObserver(identity.memberId(), leases, metrics,
                () -> removed(identity.memberId()), this::failed));
        leases.start(started);
        effects.finish(store.compactRevision()); // What a stop may have cut short.
        new AutoCompactor(loop, store::revision, () -> started.status().isLeader(),
                (revision, done) -> compact(started, revision, done))
                .start(config.autoCompaction());
        new VoterPromotion(started).start();
        corruption.start(started);
        ClientServices.Parts parts = new ClientServices.Parts(started, host.network(), auth,
                tokens, leases, channels(), corruptGuard, answers);
        if (config.corruption().initialCheck()) {
            corruption.checkInitially(started, isSound -> {
                if (isSound) {
                    serve(parts, hub);
                } else {
                    refused(identity.memberId());
                }
            });
        } else {
            serve(parts, hub);
        }
    }

    private DataDirectory.Identity beginning() throws StartException {
        ServerConfig complete = discovered();
        return config.initialClusterState() == InitialClusterState.NEW
                ? DataDirectory.Identity.of(complete)
                : new Joining(complete,
                        new TcpInquiry(peerOptions, TcpLimits.DEFAULTS, runtime()),
                        GROUP).identity();
    }

    /* With the others, where it is not said who they are. */
    private ServerConfig discovered() throws StartException {
        try {
            return switch (config.bootstrap()) {
                case Bootstrap.InitialCluster ignored -> config;
                case Bootstrap.Registry asked -> config
                        .withInitialCluster(entered(asked.config()));
                case Bootstrap.Dns dns -> config.withInitialCluster(new SrvRecords(dns)
                        .initialCluster(config.name(), config.initialAdvertisePeerUrls()));
            };
        } catch (DiscoveryException | ConfigException failed) {
            throw new StartException(String.valueOf(failed.getMessage()), failed);
        }
    }

    private String entered(RegistryConfig asked) throws DiscoveryException, StartException {
        if (config.initialClusterState() != InitialClusterState.NEW) {
            throw new StartException("--initial-cluster-state is existing, but --discovery-token"
                    + " is for new clusters: name the members in --initial-cluster");
        }
        return new Registry(asked).join(DataDirectory.Identity.of(config).memberId(),
                config.initialAdvertisePeerUrls().stream()
                        .map(url -> config.name() + "=" + url)
                        .collect(Collectors.joining(",")));
    }

    private static Set<Long> removed(MvccStore store, long self) throws StartException {
        try (ReadView view = store.view()) {
            Set<Long> removed = Members.removed(view);
            if (removed.contains(self)) {
                throw new StartException("member " + Long.toHexString(self) + REMOVED);
            }
            return removed;
        }
    }

    private Network peers(DataDirectory.Identity identity) {
        return new TcpNetwork(new TcpIdentity(identity.clusterId(), identity.memberId()),
                config.listenPeerUrls().stream().map(ServerUrl::hostPort).toList(),
                peerOptions, TcpLimits.DEFAULTS, runtime());
    }

    private Tokens tokens() throws StartException {
        return switch (config.auth().token()) {
            case AuthConfig.Jwt jwt -> {
                try {
                    yield JwtTokens.open(jwt, InstantSource.system());
                } catch (ConfigException unusable) {
                    throw new StartException(String.valueOf(unusable.getMessage()), unusable);
                }
            }
            case AuthConfig.Simple ignored -> {
                SimpleTokens simple = new SimpleTokens(config.auth().simpleTtl(),
                        loops.clock()::nanos, this::applied, new SecureRandom());
                auth.observe(simple);
                yield simple;
            }
        };
    }

    /* On the loops that serve the clients: a member has one set of them. */
    private TcpRuntime runtime() {
        return new TcpRuntime(netty, loops.background(), new SplittableRandom(),
                InstantSource.system());
    }

    private long applied() {
        LocalMember present = member;
        return present == null ? 0 : present.status().applied();
    }

    private void serve(ClientServices.Parts parts, WatchHub hub) {
        ClientServices services = new ClientServices(parts, loop, hub, watchLoop, loops.clock());
        own(services);
        metrics.attach(hub, services::watchStreamCount);
        registry.open(services.services(), services.guards());
        publish(parts.member());
    }

    private MemberChannels channels() {
        TlsContexts encrypted = clientTls;
        return encrypted == null ? MemberChannels.plain() : MemberChannels.with(encrypted);
    }

    /* As the cluster has them since, where there is more than what this member began with. */
    private static Map<Long, List<String>> peerUrls(DataDirectory.Identity identity,
            MvccStore store, Map<Long, List<String>> setAside) {
        Map<Long, List<String>> known = peerUrls(store);
        if (known.containsKey(identity.memberId())) {
            return known;
        }
        return setAside.containsKey(identity.memberId()) ? setAside : identity.peerUrls();
    }

    private static Map<Long, List<String>> peerUrls(MvccStore store) {
        Map<Long, List<String>> known = new TreeMap<>();
        try (ReadView view = store.view()) {
            Members.all(view).forEach(member -> known.put(member.getID(),
                    member.getRaftAttributes().getPeerUrlsList()));
        }
        return known;
    }

    private GroupStart start() {
        return config.initialClusterState() == InitialClusterState.NEW
                ? GroupStart.NEW
                : GroupStart.JOIN;
    }

    private GroupConfig group(Map<Long, List<String>> peerUrls, GroupStart start)
            throws StartException {
        List<io.jangada.raftnode.Member> members = new ArrayList<>();
        for (var member : peerUrls.entrySet()) {
            List<HostPort> addresses = new ArrayList<>();
            for (String url : member.getValue()) {
                try {
                    addresses.add(ServerUrl.parse("identity", url).hostPort());
                } catch (ConfigException malformed) {
                    throw new StartException(String.valueOf(malformed.getMessage()), malformed);
                }
            }
            members.add(new io.jangada.raftnode.Member(member.getKey(), addresses));
        }
        return GroupConfig.builder(GROUP, start, members)
                .tick(Duration.ofMillis(config.heartbeatIntervalMillis()))
                .electionTimeoutTicks(config.electionTicks())
                .snapshotCount(config.snapshotCount())
                .catchUpEntries(config.snapshotCatchUpEntries())
                .limits(GroupLimits.DEFAULT.withProposalBytesMax(
                        Math.clamp((long) config.maxRequestBytes() + HEADER_BYTES_MAX,
                                GroupLimits.DEFAULT.proposalBytesMax(), Integer.MAX_VALUE)))
                .proposalTimeout(config.requestTimeout()).preVote(config.preVote()).build();
    }

    static List<Member> members(DataDirectory.Identity identity) {
        List<Member> members = new ArrayList<>();
        identity.peerUrls().forEach((id, urls) -> members.add(Member.newBuilder().setID(id)
                .setRaftAttributes(RaftAttributes.newBuilder().addAllPeerUrls(urls)).build()));
        return members;
    }

    private static void compact(LocalMember started, long revision, Consumer<Boolean> done) {
        started.propose(Caller.MEMBER, InternalRaftRequest.newBuilder()
                .setCompaction(CompactionRequest.newBuilder().setRevision(revision)).build(),
                new LocalMember.Answer() {
                    @Override
                    public void done(MessageLite response, long at) {
                        done.accept(true);
                    }

                    @Override
                    public void failed(EtcdError error) {
                        done.accept(error == EtcdError.COMPACTED);
                    }
                });
    }

    /* Until it is in the log: only then the others know where this member's clients are served. */
    private void publish(LocalMember started) {
        Attributes attributes = Attributes.newBuilder().setName(config.name())
                .addAllClientUrls(
                        config.advertiseClientUrls().stream().map(ServerUrl::text).toList())
                .build();
        started.propose(Caller.MEMBER, InternalRaftRequest.newBuilder()
                .setClusterMemberAttrSet(ClusterMemberAttrSetRequest.newBuilder()
                        .setMemberID(started.memberId()).setMemberAttributes(attributes))
                .build(), new LocalMember.Answer() {
                    @Override
                    public void done(MessageLite response, long revision) {
                        LOGGER.info("ready to serve client requests");
                        ready.complete(null);
                    }

                    @Override
                    public void failed(EtcdError error) {
                        loop.schedule(() -> publish(started), PUBLISH_RETRY_NANOS);
                    }
                });
    }

    /* Apply loop. A member whose alarm is lowered after it was rebuilt has what the others have. */
    private void named(boolean corrupt, long self, MvccStore store, Quarantine quarantine) {
        corruptGuard.set(corrupt);
        try {
            if (!corrupt && wasNamed && quarantine.isUnderWay()) {
                quarantine.end();
                LOGGER.info("rebuilt from the other members member={}", Long.toHexString(self));
            } else if (corrupt && config.corruption().rebuild() && !quarantine.isUnderWay()) {
                Map<Long, List<String>> peerUrls = peerUrls(store);
                if (peerUrls.size() > 1) {
                    quarantine.request(peerUrls);
                    leave(new RebuildNeededException(self));
                }
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        wasNamed = corrupt;
    }

    private void refused(long self) {
        leave(new StartException("member " + Long.toHexString(self)
                + " found data inconsistency with peers: it does not serve; start it with"
                + " --corrupt-member-rebuild and without the initial check, or with an empty data"
                + " directory, to get the state of the others"));
    }

    /** Stops, for a reason that is no failure of this process. Any thread. */
    private void leave(Exception why) {
        if (!leaving.compareAndSet(false, true)) {
            return;
        }
        LOGGER.error("member stops: {}", why.getMessage());
        ready.completeExceptionally(why);
        Thread.ofPlatform().name("stop-" + config.name()).start(() -> {
            release();
            stopped.completeExceptionally(why);
        });
    }

    /* Law 5. The loop that failed is one of those that are let go of, so another thread does that. */
    void failed(Throwable failure) {
        if (!failing.compareAndSet(false, true)) {
            return;
        }
        LOGGER.error("member stopped by an unexpected failure", failure);
        ready.completeExceptionally(failure);
        Thread.ofPlatform().name("stop-" + config.name()).start(() -> {
            release();
            stopped.completeExceptionally(failure);
        });
    }

    /* Open answers still go out, and the others hear of it. */
    private void removed(long self) {
        if (leaving.compareAndSet(false, true)) {
            String line = "member " + Long.toHexString(self) + REMOVED;
            LOGGER.warn("{}; it stops", line);
            ready.completeExceptionally(new StartException(line));
            loop.schedule(() -> Thread.ofPlatform().name("stop-" + config.name()).start(() -> {
                release();
                stopped.complete(null);
            }), REMOVED_DELAY_NANOS);
        }
    }

    /** Completed once this member serves clients; exceptionally if it stops before. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** Completed when this member has stopped: exceptionally with the failure, if it was not asked to. */
    public CompletableFuture<Void> stopped() {
        return stopped.copy();
    }

    /** Where clients are served, with the ports that were bound. */
    public List<InetSocketAddress> clientAddresses() {
        return Objects.requireNonNull(ports).clientAddresses();
    }

    /** Where HTTP alone is served: for clients, then for metrics; with the ports that were bound. */
    public List<InetSocketAddress> httpAddresses() {
        return Objects.requireNonNull(ports).httpAddresses();
    }

    /** Hands leadership over if it has it, answers what is open, and stops; at most 1.5 s. Idempotent. */
    @Override
    public void close() {
        release();
        if (!failing.get()) {
            stopped.complete(null);
        }
    }

    private synchronized void own(AutoCloseable one) {
        opened.add(one);
        if (closed) {
            throw new IllegalStateException("the member failed while it was starting");
        }
    }

    private void closeOwned() {
        for (AutoCloseable one : opened.reversed()) {
            try {
                one.close();
            } catch (Exception failed) {
                LOGGER.warn("closing failed", failed);
            }
        }
        opened.clear();
    }

    private synchronized void release() {
        if (closed) {
            closeOwned(); // What a starting thread still opened while another let go.
            return;
        }
        closed = true;
        closeOwned();
        loop.close();
        watchLoop.close();
        readers.shutdown();
        loops.close();
        boolean ignored = netty.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(500, TimeUnit.MILLISECONDS);
    }
}
