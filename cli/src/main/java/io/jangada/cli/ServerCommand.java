// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.log.Logging;
import io.jangada.server.EtcdServer;
import io.jangada.server.RebuildNeededException;
import io.jangada.server.StartException;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.FlagArguments;
import io.jangada.server.config.FlagHelp;
import io.jangada.server.config.FlagSyntaxException;
import io.jangada.server.config.FlagValues;
import io.jangada.server.config.LogRotation;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerFlags;
import io.jangada.server.config.ServerUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * Runs one member until it is told to stop. Its arguments are etcd's, in the syntax of Go's flags: exit
 * code 2 says that they are not.
 */
@Command(name = "server", description = "Run one member of a cluster, with etcd's flags.")
final class ServerCommand implements Callable<Integer> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServerCommand.class);
    private static final int BAD_SYNTAX = 2;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    /** Written by the main thread before it ends the process. */
    private volatile boolean failed;
    /** Written by the main thread at each start; read by the JVM's shutdown. */
    private volatile @Nullable EtcdServer server;

    @Override
    public Integer call() throws ConfigException, StartException, InterruptedException {
        FlagArguments parsed;
        try {
            parsed = FlagArguments.parse(arguments);
        } catch (FlagSyntaxException malformed) {
            System.err.println("jangada: " + malformed.getMessage()
                    + " (see: jangada server --help)");
            return BAD_SYNTAX;
        }
        if (parsed.asksForHelp()) {
            System.out.print(FlagHelp.text());
            return 0;
        }
        if (parsed.values().getOrDefault("version", "false").equals("true")) {
            return new VersionCommand().call();
        }
        return run(FlagValues.of(parsed, System.getenv()));
    }

    private int run(FlagValues flags)
            throws ConfigException, StartException, InterruptedException {
        oneOf("log-level", flags, Logging.LEVELS);
        oneOf("log-format", flags, Logging.FORMATS);
        ServerConfig config = ServerFlags.config(flags);
        log(flags);
        flags.notes().forEach(LOGGER::warn);
        server = EtcdServer.start(config);
        LOGGER.info("started name={} version={} data-dir={} listen-client-urls={}"
                + " listen-peer-urls={}", config.name(), VersionCommand.jangadaVersion(),
                config.dataDir().toAbsolutePath(), joined(config.listenClientUrls()),
                joined(config.listenPeerUrls()));
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        while (true) {
            try {
                Objects.requireNonNull(server).stopped().get();
                return 0;
            } catch (ExecutionException e) {
                Throwable why = e.getCause() == null ? e : e.getCause();
                if (!(why instanceof RebuildNeededException)) {
                    failed = true;
                    throw new IllegalStateException("the member stopped: " + why.getMessage(),
                            why);
                }
                server = EtcdServer.start(config);
            }
        }
    }

    private static void log(FlagValues flags) throws ConfigException {
        String level = flags.text("log-level");
        String format = flags.text("log-format");
        List<String> outputs = LogRotation.outputs(flags);
        Optional<LogRotation> rotation = LogRotation.of(flags);
        if (rotation.isPresent()) {
            Logging.configure(level, format, outputs, rotation.get());
        } else {
            Logging.configure(level, format, outputs);
        }
    }

    /** By the JVM's shutdown. A signal that was obeyed is no failure, which only halting can say here. */
    private void stop() {
        EtcdServer present = server;
        if (present != null) {
            LOGGER.info("stopping");
            present.close();
            LOGGER.info("stopped");
        }
        if (!failed) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static String joined(List<ServerUrl> urls) {
        return urls.stream().map(ServerUrl::text).collect(Collectors.joining(","));
    }

    private static void oneOf(String name, FlagValues flags, List<String> allowed)
            throws ConfigException {
        if (!allowed.contains(flags.text(name))) {
            throw new ConfigException("--" + name + " is \"" + flags.text(name)
                    + "\", not one of " + String.join(", ", allowed));
        }
    }
}
