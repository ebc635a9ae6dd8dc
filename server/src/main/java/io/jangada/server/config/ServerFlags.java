// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.nio.file.Path;
import java.util.List;

/** What etcd's flags mean for a member. */
public final class ServerFlags {
    private ServerFlags() {}

    /**
     * The configuration that {@code flags} describe.
     *
     * @throws ConfigException if a value is malformed or a rule of etcd's is broken
     */
    public static ServerConfig config(FlagValues flags) throws ConfigException {
        if (flags.has("listen-client-urls") && !flags.has("advertise-client-urls")) {
            throw new ConfigException(
                    "--advertise-client-urls is required when --listen-client-urls is set explicitly");
        }
        if (!flags.text("logger").equals("zap")) {
            throw new ConfigException("--logger is \"" + flags.text("logger") + "\", not \"zap\"");
        }
        String name = flags.text("name");
        String dataDir = flags.text("data-dir");
        ServerConfig.Builder builder = ServerConfig
                .builder(name, Path.of(dataDir.isEmpty() ? name + ".etcd" : dataDir))
                .listenClientUrls(flags.text("listen-client-urls"))
                .advertiseClientUrls(flags.text("advertise-client-urls"))
                .listenPeerUrls(flags.text("listen-peer-urls"))
                .initialAdvertisePeerUrls(flags.text("initial-advertise-peer-urls"))
                .initialClusterToken(flags.text("initial-cluster-token"))
                .initialClusterState(
                        InitialClusterState.parse(flags.text("initial-cluster-state")))
                .heartbeatIntervalMillis(flags.number("heartbeat-interval"))
                .electionTimeoutMillis(flags.number("election-timeout"))
                .snapshotCount(flags.number("snapshot-count"))
                .snapshotCatchUpEntries(flags.number("snapshot-catchup-entries"))
                .quotaBackendBytes(flags.number("quota-backend-bytes"))
                .maxRequestBytes(flags.size("max-request-bytes"))
                .maxTxnOps(flags.size("max-txn-ops"))
                .autoCompaction(AutoCompaction.parse(flags.text("auto-compaction-mode"),
                        flags.text("auto-compaction-retention")))
                .maxConcurrentStreams(flags.size("max-concurrent-streams"))
                .grpcKeepaliveMinTime(flags.duration("grpc-keepalive-min-time"))
                .grpcKeepaliveInterval(flags.duration("grpc-keepalive-interval"))
                .grpcKeepaliveTimeout(flags.duration("grpc-keepalive-timeout"))
                .preVote(flags.bool("pre-vote"))
                .watchProgressNotifyInterval(flags.duration("watch-progress-notify-interval"))
                .warningApplyDuration(flags.duration("warning-apply-duration"))
                .compactionPace(CompactionPace.of(flags.size("compaction-batch-limit"),
                        flags.duration("compaction-sleep-interval")))
                .http(http(flags)).tls(TlsFlags.read(flags)).corruption(CorruptionConfig.of(flags))
                .limits(ClientLimits.of(flags))
                .strictReconfigCheck(flags.bool("strict-reconfig-check"))
                .maxLearners(flags.size("max-learners"))
                .auth(AuthConfig.parse(flags.text("auth-token"), flags.number("auth-token-ttl"),
                        flags.size("bcrypt-cost")));
        if (!flags.text("wal-dir").isEmpty()) {
            builder.walDir(Path.of(flags.text("wal-dir")));
        }
        if (!flags.text("initial-cluster").isEmpty()) {
            builder.initialCluster(flags.text("initial-cluster"));
        }
        Bootstrap bootstrap = Bootstrap.of(flags);
        if (bootstrap instanceof Bootstrap.Registry registry) {
            builder.initialClusterToken(registry.config().token());
        }
        return builder.bootstrap(bootstrap).build();
    }

    private static HttpConfig http(FlagValues flags) throws ConfigException {
        return new HttpConfig(urls(flags, "listen-client-http-urls"),
                urls(flags, "listen-metrics-urls"), HttpConfig.names(flags.text("cors")),
                HttpConfig.names(flags.text("host-whitelist")), flags.bool("enable-grpc-gateway"));
    }

    private static List<ServerUrl> urls(FlagValues flags, String name) throws ConfigException {
        String text = flags.text(name);
        return text.isEmpty() ? List.of() : ServerUrl.parseList("--" + name, text);
    }
}
