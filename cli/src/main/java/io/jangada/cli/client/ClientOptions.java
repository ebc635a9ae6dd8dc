// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.Format;
import io.jangada.cli.print.Printer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** etcdctl's global flags: what every client command has. */
public final class ClientOptions {
    @Option(names = "--endpoints", split = ",", paramLabel = "[https://]HOST:PORT", defaultValue = "127.0.0.1:2379", description = "Members to ask, separated by commas (default: ${DEFAULT-VALUE}).")
    private List<String> endpoints = List.of();

    @Option(names = "--dial-timeout", paramLabel = "DURATION", defaultValue = "2s", converter = GoDurationConverter.class, description = "How long one of several members may take to answer at all (default: ${DEFAULT-VALUE}).")
    private Duration dialTimeout = Duration.ZERO;

    @Option(names = "--command-timeout", paramLabel = "DURATION", defaultValue = "5s", converter = GoDurationConverter.class, description = "How long a request may take (default: ${DEFAULT-VALUE}).")
    private Duration commandTimeout = Duration.ZERO;

    @Option(names = "--keepalive-time", paramLabel = "DURATION", defaultValue = "2s", converter = GoDurationConverter.class, description = "Between signs of life on a connection in use (default: ${DEFAULT-VALUE}).")
    private Duration keepaliveTime = Duration.ZERO;

    @Option(names = "--keepalive-timeout", paramLabel = "DURATION", defaultValue = "6s", converter = GoDurationConverter.class, description = "How long a connection may leave them unanswered (default: ${DEFAULT-VALUE}).")
    private Duration keepaliveTimeout = Duration.ZERO;

    @Option(names = "--user", paramLabel = "NAME[:PASSWORD]", description = "Who asks; a password that is not given is asked for.")
    private String user = "";

    @Option(names = "--password", paramLabel = "PASSWORD", description = "The user's password; --user has the name alone then.")
    private String password = "";

    @Option(names = {"-w",
        "--write-out"}, paramLabel = "FORMAT", defaultValue = "simple", description = "simple, json, fields or table (default: ${DEFAULT-VALUE}).")
    private String format = "simple";

    @Option(names = "--hex", description = "Keys and values as \\xNN, in the simple format.")
    private boolean hex;

    @Mixin
    private ClientTls tls = new ClientTls();

    /** What a command does once it may ask. */
    public interface Work {
        /** Asks {@code etcd} and shows the answer by {@code printer}. */
        void run(EtcdClient etcd, Printer printer)
                throws IOException, InterruptedException, StatusException;
    }

    /**
     * Connects, does {@code work}, and closes the connections; returns exit code 0.
     *
     * @throws CommandFailure if the format, a file of TLS or the user is no good, or the server refuses
     */
    public int run(Work work) throws IOException, InterruptedException {
        var printer = new Printer(Format.named(format), hex, System.out);
        try (EtcdClient etcd = connect()) {
            work.run(etcd, printer);
            return 0;
        } catch (StatusRuntimeException refused) {
            throw CommandFailure.error(Refusals.text(refused.getStatus()));
        } catch (StatusException refused) {
            throw CommandFailure.error(Refusals.text(refused.getStatus()));
        }
    }

    /** Whether the simple format is asked for. */
    public boolean isSimple() {
        return format.equals("simple");
    }

    private EtcdClient connect() {
        try {
            return new EtcdClient(endpoints.stream().filter(one -> !one.isEmpty()).toList(),
                    new Connecting(tls, commandTimeout.toMillis(), dialTimeout.toMillis(),
                            Math.max(1, keepaliveTime.toMillis()),
                            Math.max(1, keepaliveTimeout.toMillis())),
                    Credentials.of(user, password));
        } catch (IllegalArgumentException refused) {
            throw CommandFailure.badArguments(String.valueOf(refused.getMessage()));
        }
    }
}
