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
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.InitialClusterState;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import io.jangada.server.corruption.CorruptionChecker;
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
import java.io.IOException;
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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member that runs: consensus, store and API in this process. Thread-safe. */
public final class EtcdServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdServer.class);
    static final long GROUP = 1;
    /** What an entry has besides the request: who asks. */
    private static final int HEADER_BYTES_MAX = 64 << 10;
    private static final int QUOTA_STEPS = 32;
    private static final long SIZE_STEP_BYTES_MIN = 4 << 10;
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
    private final Ending ending;
    private final CorruptGuard corruptGuard = new CorruptGuard();
    private final LongAnswers answers = new LongAnswers(new SecureRandom());
    private final MemberTls tls;
    /** Of the starting thread, as the two below. */
    private @Nullable TlsContexts clientTls;
    private TcpOptions peerOptions = TcpOptions.PLAIN;
    private @Nullable ClientPorts ports;
    private boolean closed;
    /** Written once by the starting thread; read by the Netty loops. */
    private volatile @Nullable LocalMember member;

    private EtcdServer(ServerConfig config, UnaryOperator<Network> wires) {
        this.config = config;
        this.wires = wires;
        this.ending = new Ending(config.name(), this::release);
        this.netty = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors() > 2 ? 2 : 1,
                TcpRuntime.ioHandlers());
        this.loop = loops.loop("server-" + config.name(), ending::failed);
        this.watchLoop = loops.loop("watch-" + config.name(), ending::failed);
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
        DataDirectory data = DataDirectory.open(config.dataDir(), new FirstStart(config,
                new TcpInquiry(peerOptions, TcpLimits.DEFAULTS, runtime())));
        own(data);
        DataDirectory.Identity identity = data.identity();
        Path directory = config.dataDir().resolve("member");
        Quarantine quarantine = Quarantine.open(directory, config.walDir());
        StateRepair repair = new StateRepair(identity, config.corruption().rebuild(), quarantine,
                corruptGuard, ending);
        StateRoom room = new StateRoom();
        MvccStore store = repair.open(corrupt -> new TimedBackend(
                RocksBackend.open(directory.resolve("db"), limits(config), corrupt, room),
                loops.clock(), metrics.store()::committed));
        own(store);
        Set<Long> removed = removed(store, identity.memberId());
        Map<Long, List<String>> peerUrls = repair.peerUrls();
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
                identity.memberId(), quarantine::isUnproven, repair::named);
        AppliedEffects effects = new AppliedEffects(store, loops::applyLoop,
                config.compactionPace(), leases, corruption,
                metrics.store(), loops.clock());
        Applier applier = new Applier(store, members(identity), effects, auth);
        RaftNode<ApplyResult> node = host.start(group(peerUrls, quarantine.isUnderWay()
                ? GroupStart.JOIN
                : start()), new TimedMachine<>(applier,
                        loops.clock(), config.warningApplyDuration(), metrics::slowApply));
        room.attach(node);
        LocalMember started = new LocalMember(config, identity.clusterId(), identity.memberId(),
                store, node, new RequestLoop(loop), loops.clock(),
                task -> readers.execute(RequestLoop.guarded(task)));
        metrics.attach(started, host.network());
        member = started;
        node.addObserver(new MemberObserver(identity.memberId(), leases, metrics,
                () -> ending.removed(identity.memberId(), loop), ending::failed));
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
                    repair.refused();
                }
            });
        } else {
            serve(parts, hub);
        }
    }

    /* The size of the state is read so often that it agrees with the quota, also where that is small. */
    private static RocksLimits limits(ServerConfig config) {
        RocksLimits limits = RocksLimits.DEFAULT;
        return config.quotaBackendBytes() <= 0
                ? limits
                : limits.withSizeStepBytes(Math.clamp(
                        config.quotaBackendBytes() / QUOTA_STEPS, SIZE_STEP_BYTES_MIN,
                        limits.sizeStepBytes()));
    }

    private static Set<Long> removed(MvccStore store, long self) throws StartException {
        try (ReadView view = store.view()) {
            Set<Long> removed = Members.removed(view);
            if (removed.contains(self)) {
                throw new StartException(Ending.removedLine(self));
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
                        ending.served();
                    }

                    @Override
                    public void failed(EtcdError error) {
                        loop.schedule(() -> publish(started), PUBLISH_RETRY_NANOS);
                    }
                });
    }

    /** Stops it: see {@link Ending#failed}. */
    void failed(Throwable failure) {
        ending.failed(failure);
    }

    /** Completed once this member serves clients; exceptionally if it stops before. */
    public CompletableFuture<Void> ready() {
        return ending.ready();
    }

    /** Completed when this member has stopped: exceptionally with the failure, if it was not asked to. */
    public CompletableFuture<Void> stopped() {
        return ending.stopped();
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
        ending.closed();
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
