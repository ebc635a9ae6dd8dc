// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a member runs: etcd's flags, read and checked. Made by {@link #builder}. Immutable.
 *
 * @param name this member's name in {@code initialCluster}
 * @param dataDir what it keeps
 * @param walDir where the log lies; by default under {@code dataDir}
 * @param listenClientUrls where clients are served
 * @param advertiseClientUrls where clients and members are told to find it
 * @param listenPeerUrls where members are heard
 * @param initialAdvertisePeerUrls where members find it; its id is a hash of these
 * @param initialCluster peer URLs by member name; only for a member without data, and this one alone
 *     until others are discovered
 * @param initialClusterToken part of the ids, so that clusters do not mix
 * @param initialClusterState whether a member without data begins or joins
 * @param heartbeatIntervalMillis between a leader's heartbeats: the tick
 * @param electionTimeoutMillis without a leader before a member campaigns
 * @param snapshotCount entries applied between two local snapshots
 * @param snapshotCatchUpEntries entries kept behind a snapshot
 * @param quotaBackendBytes size of the database beyond which writes are refused
 * @param maxRequestBytes the largest request
 * @param maxTxnOps the most operations in a transaction, per level
 * @param autoCompaction how history is given up by itself
 * @param maxConcurrentStreams HTTP/2 streams per connection
 * @param grpcKeepaliveMinTime the least time between a client's pings
 * @param grpcKeepaliveInterval between pings to an idle client; 0 for none
 * @param grpcKeepaliveTimeout until a client that does not answer a ping is dropped
 * @param preVote whether a member asks before it raises its term
 * @param watchProgressNotifyInterval between progress notifications
 * @param warningApplyDuration an apply that takes longer is logged
 * @param strictReconfigCheck whether changes of the members that may cost the quorum are refused
 * @param maxLearners how many members may be learners
 * @param auth how users prove who they are
 * @param http what is served over HTTP/1.1
 * @param compactionPace how fast compacted history is removed
 * @param tls how connections are encrypted, where URLs are HTTPS
 * @param limits how much of the member clients may take
 * @param corruption how members look for one that holds something else than the others
 * @param bootstrap from where a member without data has its initial cluster
 */
public record ServerConfig(String name, Path dataDir, Path walDir,
        List<ServerUrl> listenClientUrls, List<ServerUrl> advertiseClientUrls,
        List<ServerUrl> listenPeerUrls, List<ServerUrl> initialAdvertisePeerUrls,
        Map<String, List<ServerUrl>> initialCluster, String initialClusterToken,
        InitialClusterState initialClusterState, long heartbeatIntervalMillis,
        long electionTimeoutMillis, long snapshotCount, long snapshotCatchUpEntries,
        long quotaBackendBytes, int maxRequestBytes, int maxTxnOps, AutoCompaction autoCompaction,
        int maxConcurrentStreams, Duration grpcKeepaliveMinTime, Duration grpcKeepaliveInterval,
        Duration grpcKeepaliveTimeout, boolean preVote, Duration watchProgressNotifyInterval,
        Duration warningApplyDuration, boolean strictReconfigCheck, int maxLearners,
        AuthConfig auth, HttpConfig http, CompactionPace compactionPace,
        TlsConfig tls, ClientLimits limits, CorruptionConfig corruption, Bootstrap bootstrap) {

    /** etcd's default quota, 2 GiB. */
    public static final long DEFAULT_QUOTA_BYTES = 2L << 30;

    private static final long ELECTION_TIMEOUT_MILLIS_MAX = 50_000;
    /** A record of the log and a frame between members have 64 MiB, for the request and what goes with it. */
    private static final int REQUEST_BYTES_MAX = 63 << 20;

    public ServerConfig {
        listenClientUrls = List.copyOf(listenClientUrls);
        advertiseClientUrls = List.copyOf(advertiseClientUrls);
        listenPeerUrls = List.copyOf(listenPeerUrls);
        initialAdvertisePeerUrls = List.copyOf(initialAdvertisePeerUrls);
        initialCluster = Map.copyOf(initialCluster);
    }

    /** etcd's defaults, for the member {@code name} with data in {@code dataDir}. */
    public static Builder builder(String name, Path dataDir) {
        return new Builder(name, dataDir);
    }

    /** Ticks per election timeout; a tick is a heartbeat interval. */
    public int electionTicks() {
        return (int) (electionTimeoutMillis / heartbeatIntervalMillis);
    }

    /** How long a request may take: 5 s and two election timeouts, as in etcd. */
    public Duration requestTimeout() {
        return Duration.ofSeconds(5).plusMillis(2 * electionTimeoutMillis);
    }

    /**
     * Reads etcd's {@code name=url,name=url}; a name may occur several times.
     *
     * @throws ConfigException if a part has no name or a bad URL
     */
    public static Map<String, List<ServerUrl>> parseInitialCluster(String text)
            throws ConfigException {
        Map<String, List<ServerUrl>> cluster = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                throw new ConfigException(
                        "--initial-cluster: \"" + part + "\" is not name=url");
            }
            cluster.computeIfAbsent(part.substring(0, equals).strip(), ignored -> new ArrayList<>())
                    .add(ServerUrl.parse("--initial-cluster", part.substring(equals + 1)));
        }
        return Map.copyOf(cluster);
    }

    /**
     * The same with {@code cluster}, which was discovered.
     *
     * @throws ConfigException if it does not go with the rest
     */
    public ServerConfig withInitialCluster(String cluster) throws ConfigException {
        ServerConfig changed = new ServerConfig(name, dataDir, walDir, listenClientUrls,
                advertiseClientUrls, listenPeerUrls, initialAdvertisePeerUrls,
                parseInitialCluster(cluster), initialClusterToken, initialClusterState,
                heartbeatIntervalMillis, electionTimeoutMillis, snapshotCount,
                snapshotCatchUpEntries, quotaBackendBytes, maxRequestBytes, maxTxnOps,
                autoCompaction, maxConcurrentStreams, grpcKeepaliveMinTime,
                grpcKeepaliveInterval, grpcKeepaliveTimeout, preVote,
                watchProgressNotifyInterval, warningApplyDuration, strictReconfigCheck,
                maxLearners, auth, http, compactionPace, tls, limits, corruption, bootstrap);
        changed.check();
        return changed;
    }

    private void check() throws ConfigException {
        require(!name.isEmpty(), "--name is empty");
        require(heartbeatIntervalMillis >= 1, "--heartbeat-interval is "
                + heartbeatIntervalMillis + " ms, must be at least 1 ms");
        require(electionTimeoutMillis <= ELECTION_TIMEOUT_MILLIS_MAX, "--election-timeout is "
                + electionTimeoutMillis + " ms, must be at most " + ELECTION_TIMEOUT_MILLIS_MAX
                + " ms");
        require(electionTimeoutMillis >= 5 * heartbeatIntervalMillis, "--election-timeout is "
                + electionTimeoutMillis + " ms, must be at least 5 times --heartbeat-interval, "
                + heartbeatIntervalMillis + " ms");
        require(snapshotCount >= 1, "--snapshot-count is " + snapshotCount + ", below 1");
        require(snapshotCatchUpEntries >= 0,
                "--snapshot-catchup-entries is " + snapshotCatchUpEntries + ", below 0");
        require(maxRequestBytes >= 1, "--max-request-bytes is " + maxRequestBytes + ", below 1");
        require(maxRequestBytes <= REQUEST_BYTES_MAX, "--max-request-bytes is " + maxRequestBytes
                + ", above " + REQUEST_BYTES_MAX + ": what a record of the log has room for");
        require(maxLearners >= 0, "--max-learners is " + maxLearners + ", below 0");
        require(maxTxnOps >= 1, "--max-txn-ops is " + maxTxnOps + ", below 1");
        require(maxConcurrentStreams >= 1,
                "--max-concurrent-streams is " + maxConcurrentStreams + ", below 1");
        require(watchProgressNotifyInterval.toMillis() >= 100,
                "--watch-progress-notify-interval is " + watchProgressNotifyInterval.toMillis()
                        + " ms, must be at least 100 ms");
        require(!listenClientUrls.isEmpty(), "--listen-client-urls is empty");
        require(!listenPeerUrls.isEmpty(), "--listen-peer-urls is empty");
        require(!advertiseClientUrls.isEmpty(), "--advertise-client-urls is empty");
        checkListening();
        checkInitialCluster();
        checkTls();
    }

    /* What another process listens at is found out by listening, this before anything is written. */
    private void checkListening() throws ConfigException {
        Map<ServerUrl.Place, ServerUrl> listening = new HashMap<>();
        for (ServerUrl url : Stream.of(listenPeerUrls, listenClientUrls,
                http.listenClientHttpUrls(), http.listenMetricsUrls()).flatMap(List::stream)
                .toList()) {
            if (url.isSocket() || url.hostPort().port() != 0) {
                ServerUrl other = listening.putIfAbsent(url.place(), url);
                require(other == null, "two URLs to listen on are one address: " + other + " and "
                        + url);
            }
        }
    }

    private void checkInitialCluster() throws ConfigException {
        require(!initialClusterToken.isEmpty(), "--initial-cluster-token is empty");
        List<ServerUrl> own = initialCluster.get(name);
        require(own != null, "--initial-cluster does not name this member, \"" + name + "\"");
        boolean namesAreEnough = bootstrap instanceof Bootstrap.Dns;
        if (own != null && !namesAreEnough && !own.stream().sorted().toList()
                .equals(initialAdvertisePeerUrls.stream().sorted().toList())) {
            throw new ConfigException("--initial-cluster has " + name + "=" + join(own)
                    + ", but --initial-advertise-peer-urls is " + join(initialAdvertisePeerUrls));
        }
        List<ServerUrl> all = initialCluster.values().stream().flatMap(List::stream).toList();
        require(all.stream().distinct().count() == all.size(),
                "--initial-cluster has the same URL twice");
    }

    private void checkTls() throws ConfigException {
        boolean peersEncrypt = listenPeerUrls.getFirst().isTls();
        for (ServerUrl url : Stream.of(listenPeerUrls.stream(),
                initialAdvertisePeerUrls.stream(),
                initialCluster.values().stream().flatMap(List::stream)).flatMap(one -> one)
                .toList()) {
            require(!url.isSocket(), "peer URL " + url + " is a Unix socket: members speak TCP");
        }
        for (ServerUrl url : listenPeerUrls) {
            require(!url.isTls() || !(tls.peers() instanceof TlsSide.Plain),
                    "cannot listen on TLS for " + url
                            + ": --peer-cert-file and --peer-key-file are missing");
        }
        // Connections between members are encrypted all or none, whatever the URL of a single one says.
        for (ServerUrl url : Stream.of(listenPeerUrls.stream(),
                initialAdvertisePeerUrls.stream(),
                initialCluster.values().stream().flatMap(List::stream)).flatMap(one -> one)
                .toList()) {
            require(url.isTls() == peersEncrypt, "peer URLs are all https or all http, but "
                    + listenPeerUrls.getFirst() + " and " + url + " differ");
        }
        for (ServerUrl url : Stream.of(listenClientUrls.stream(),
                http.listenClientHttpUrls().stream(), http.listenMetricsUrls().stream())
                .flatMap(one -> one).toList()) {
            require(!url.isTls() || !(tls.clients() instanceof TlsSide.Plain),
                    "TLS key/cert (--cert-file, --key-file) must be provided for client url " + url
                            + " with HTTPS scheme");
        }
    }

    /** What of the TLS flags has no effect, as lines for the log (etcd warns, too). */
    public List<String> tlsNotes() {
        List<String> notes = new ArrayList<>();
        if (!(tls.peers() instanceof TlsSide.Plain) && !listenPeerUrls.getFirst().isTls()) {
            notes.add("scheme of peer URLs is http while peer key and cert files are present;"
                    + " ignoring key and cert files");
        }
        for (ServerUrl url : listenClientUrls) {
            if (!(tls.clients() instanceof TlsSide.Plain) && !url.isTls()) {
                notes.add("scheme of client URL " + url + " is http while key and cert files are"
                        + " present; ignoring key and cert files for it");
            }
        }
        return notes;
    }

    private static String join(List<ServerUrl> urls) {
        return String.join(",", urls.stream().map(ServerUrl::text).toList());
    }

    private static void require(boolean holds, String line) throws ConfigException {
        if (!holds) {
            throw new ConfigException(line);
        }
    }

    /** Collects what differs from etcd's defaults. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final Path dataDir;
        private @Nullable Path walDir;
        private String listenClientUrls = "http://localhost:2379";
        private String advertiseClientUrls = "http://localhost:2379";
        private String listenPeerUrls = "http://localhost:2380";
        private String initialAdvertisePeerUrls = "http://localhost:2380";
        private @Nullable String initialCluster;
        private String initialClusterToken = "etcd-cluster";
        private InitialClusterState initialClusterState = InitialClusterState.NEW;
        private long heartbeatIntervalMillis = 100;
        private long electionTimeoutMillis = 1_000;
        private long snapshotCount = 10_000;
        private long snapshotCatchUpEntries = 5_000;
        private long quotaBackendBytes = DEFAULT_QUOTA_BYTES;
        private int maxRequestBytes = 1_572_864;
        private int maxTxnOps = 128;
        private AutoCompaction autoCompaction = new AutoCompaction.Off();
        private int maxConcurrentStreams = Integer.MAX_VALUE;
        private Duration grpcKeepaliveMinTime = Duration.ofSeconds(5);
        private Duration grpcKeepaliveInterval = Duration.ofHours(2);
        private Duration grpcKeepaliveTimeout = Duration.ofSeconds(20);
        private boolean preVote = true;
        private Duration watchProgressNotifyInterval = Duration.ofMinutes(10);
        private Duration warningApplyDuration = Duration.ofMillis(100);
        private boolean strictReconfigCheck = true;
        private int maxLearners = 1;
        private AuthConfig auth = AuthConfig.DEFAULT;
        private HttpConfig http = HttpConfig.DEFAULT;
        private CompactionPace compactionPace = CompactionPace.DEFAULT;
        private TlsConfig tls = TlsConfig.PLAIN;
        private ClientLimits limits = ClientLimits.DEFAULT;
        private CorruptionConfig corruption = CorruptionConfig.DEFAULT;
        private Bootstrap bootstrap = new Bootstrap.InitialCluster();

        private Builder(String name, Path dataDir) {
            this.name = name;
            this.dataDir = dataDir;
        }

        /** Default: {@code member/wal} under the data directory. */
        public Builder walDir(Path value) {
            walDir = value;
            return this;
        }

        /** URLs separated by commas; default {@code http://localhost:2379}. Port 0 is any free one. */
        public Builder listenClientUrls(String value) {
            listenClientUrls = value;
            return this;
        }

        /** URLs separated by commas; default {@code http://localhost:2379}. */
        public Builder advertiseClientUrls(String value) {
            advertiseClientUrls = value;
            return this;
        }

        /** URLs separated by commas; default {@code http://localhost:2380}. */
        public Builder listenPeerUrls(String value) {
            listenPeerUrls = value;
            return this;
        }

        /** URLs separated by commas; default {@code http://localhost:2380}. */
        public Builder initialAdvertisePeerUrls(String value) {
            initialAdvertisePeerUrls = value;
            return this;
        }

        /** {@code name=url,name=url}; default: this member alone, at what it advertises. */
        public Builder initialCluster(String value) {
            initialCluster = value;
            return this;
        }

        /** Default: {@code etcd-cluster}. */
        public Builder initialClusterToken(String value) {
            initialClusterToken = value;
            return this;
        }

        /** Default: new. */
        public Builder initialClusterState(InitialClusterState value) {
            initialClusterState = value;
            return this;
        }

        /** Default: 100. */
        public Builder heartbeatIntervalMillis(long value) {
            heartbeatIntervalMillis = value;
            return this;
        }

        /** Default: 1,000. */
        public Builder electionTimeoutMillis(long value) {
            electionTimeoutMillis = value;
            return this;
        }

        /** Default: 10,000. */
        public Builder snapshotCount(long value) {
            snapshotCount = value;
            return this;
        }

        /** Default: 5,000. */
        public Builder snapshotCatchUpEntries(long value) {
            snapshotCatchUpEntries = value;
            return this;
        }

        /** Default, and what 0 means: {@link ServerConfig#DEFAULT_QUOTA_BYTES}; below 0: no quota. */
        public Builder quotaBackendBytes(long value) {
            quotaBackendBytes = value == 0 ? DEFAULT_QUOTA_BYTES : value;
            return this;
        }

        /** Default: 1.5 MiB. */
        public Builder maxRequestBytes(int value) {
            maxRequestBytes = value;
            return this;
        }

        /** Default: 128. */
        public Builder maxTxnOps(int value) {
            maxTxnOps = value;
            return this;
        }

        /** Default: off. */
        public Builder autoCompaction(AutoCompaction value) {
            autoCompaction = value;
            return this;
        }

        /** Default: unlimited. */
        public Builder maxConcurrentStreams(int value) {
            maxConcurrentStreams = value;
            return this;
        }

        /** Default: 5 s. */
        public Builder grpcKeepaliveMinTime(Duration value) {
            grpcKeepaliveMinTime = value;
            return this;
        }

        /** Default: 2 h. */
        public Builder grpcKeepaliveInterval(Duration value) {
            grpcKeepaliveInterval = value;
            return this;
        }

        /** Default: 20 s. */
        public Builder grpcKeepaliveTimeout(Duration value) {
            grpcKeepaliveTimeout = value;
            return this;
        }

        /** Default: true. */
        public Builder preVote(boolean value) {
            preVote = value;
            return this;
        }

        /** Default: 10 min. */
        public Builder watchProgressNotifyInterval(Duration value) {
            watchProgressNotifyInterval = value;
            return this;
        }

        /** Default: 100 ms. */
        public Builder warningApplyDuration(Duration value) {
            warningApplyDuration = value;
            return this;
        }

        /** Default: true. */
        public Builder strictReconfigCheck(boolean value) {
            strictReconfigCheck = value;
            return this;
        }

        /** Default: 1. */
        public Builder maxLearners(int value) {
            maxLearners = value;
            return this;
        }

        /** Default: {@link AuthConfig#DEFAULT}. */
        public Builder auth(AuthConfig value) {
            auth = value;
            return this;
        }

        /** Default: {@link HttpConfig#DEFAULT}. */
        public Builder http(HttpConfig value) {
            http = value;
            return this;
        }

        /** Default: {@link CompactionPace#DEFAULT}. */
        public Builder compactionPace(CompactionPace value) {
            compactionPace = value;
            return this;
        }

        /** Default: {@link TlsConfig#PLAIN}. */
        public Builder tls(TlsConfig value) {
            tls = value;
            return this;
        }

        /** Default: {@link ClientLimits#DEFAULT}. */
        public Builder limits(ClientLimits value) {
            limits = value;
            return this;
        }

        /** Default: {@link CorruptionConfig#DEFAULT}. */
        public Builder corruption(CorruptionConfig value) {
            corruption = value;
            return this;
        }

        /** Default: {@link Bootstrap.InitialCluster}. */
        public Builder bootstrap(Bootstrap value) {
            bootstrap = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws ConfigException if a URL is malformed or a rule of etcd's is broken
         */
        public ServerConfig build() throws ConfigException {
            List<ServerUrl> advertised = ServerUrl.parseList("--initial-advertise-peer-urls",
                    initialAdvertisePeerUrls);
            ServerConfig config = new ServerConfig(name, dataDir,
                    Optional.ofNullable(walDir).orElse(dataDir.resolve("member").resolve("wal")),
                    ServerUrl.parseList("--listen-client-urls", listenClientUrls),
                    ServerUrl.parseList("--advertise-client-urls", advertiseClientUrls),
                    ServerUrl.parseList("--listen-peer-urls", listenPeerUrls), advertised,
                    initialCluster == null
                            ? Map.of(name, advertised)
                            : parseInitialCluster(initialCluster),
                    initialClusterToken, initialClusterState, heartbeatIntervalMillis,
                    electionTimeoutMillis, snapshotCount, snapshotCatchUpEntries,
                    quotaBackendBytes, maxRequestBytes, maxTxnOps, autoCompaction,
                    maxConcurrentStreams, grpcKeepaliveMinTime, grpcKeepaliveInterval,
                    grpcKeepaliveTimeout, preVote, watchProgressNotifyInterval,
                    warningApplyDuration, strictReconfigCheck, maxLearners, auth, http,
                    compactionPace, tls, limits, corruption, bootstrap);
            config.check();
            return config;
        }
    }
}
