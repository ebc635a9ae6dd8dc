// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.log.Logging;
import io.jangada.server.EtcdServer;
import io.jangada.server.StartException;
import io.jangada.server.config.AuthConfig;
import io.jangada.server.config.AutoCompaction;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.InitialClusterState;
import io.jangada.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs one member until it is told to stop. */
@Command(name = "server", description = "Run one member of a cluster, with etcd's flags.", mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
    private static final String CLIENT_URL = "http://localhost:2379";

    @Mixin
    private ServerFlags flags = new ServerFlags();

    /** Written by the main thread before it ends the process. */
    private volatile boolean failed;

    @Override
    public Integer call() throws ConfigException, StartException, InterruptedException {
        ServerConfig config = config();
        Logging.configure(flags.logLevel, flags.logFormat);
        EtcdServer server = EtcdServer.start(config);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
        try {
            server.stopped().get();
            return 0;
        } catch (ExecutionException e) {
            failed = true;
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("the member stopped: " + why.getMessage(), why);
        }
    }

    /** By the JVM's shutdown. A signal that was obeyed is no failure, which only halting can say here. */
    private void stop(EtcdServer server) {
        server.close();
        if (!failed) {
            Runtime.getRuntime().halt(0);
        }
    }

    /** What the flags say, checked. */
    private ServerConfig config() throws ConfigException {
        oneOf("--log-level", flags.logLevel, Logging.LEVELS);
        oneOf("--log-format", flags.logFormat, Logging.FORMATS);
        if (!flags.listenClientUrls.isEmpty() && flags.advertiseClientUrls.isEmpty()) {
            throw new ConfigException(
                    "--advertise-client-urls is required when --listen-client-urls is set explicitly");
        }
        Path dataDir = Path.of(flags.dataDir.isEmpty() ? flags.name + ".etcd" : flags.dataDir);
        ServerConfig.Builder builder = ServerConfig.builder(flags.name, dataDir)
                .listenClientUrls(orDefault(flags.listenClientUrls))
                .advertiseClientUrls(orDefault(flags.advertiseClientUrls))
                .listenPeerUrls(flags.listenPeerUrls)
                .initialAdvertisePeerUrls(flags.initialAdvertisePeerUrls)
                .initialClusterToken(flags.initialClusterToken)
                .initialClusterState(InitialClusterState.parse(flags.initialClusterState))
                .heartbeatIntervalMillis(flags.heartbeatIntervalMillis)
                .electionTimeoutMillis(flags.electionTimeoutMillis)
                .snapshotCount(flags.snapshotCount)
                .snapshotCatchUpEntries(flags.snapshotCatchUpEntries)
                .quotaBackendBytes(flags.quotaBackendBytes)
                .maxRequestBytes(flags.maxRequestBytes)
                .maxTxnOps(flags.maxTxnOps)
                .auth(AuthConfig.parse(flags.authToken, flags.authTokenTtlSeconds,
                        flags.bcryptCost))
                .autoCompaction(AutoCompaction.parse(flags.autoCompactionMode,
                        flags.autoCompactionRetention));
        if (!flags.walDir.isEmpty()) {
            builder.walDir(Path.of(flags.walDir));
        }
        if (!flags.initialCluster.isEmpty()) {
            builder.initialCluster(flags.initialCluster);
        }
        return builder.build();
    }

    private static String orDefault(String clientUrls) {
        return clientUrls.isEmpty() ? CLIENT_URL : clientUrls;
    }

    private static void oneOf(String flag, String value, List<String> allowed)
            throws ConfigException {
        if (!allowed.contains(value)) {
            throw new ConfigException(
                    flag + " is \"" + value + "\", not one of " + String.join(", ", allowed));
        }
    }
}
