// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every client command has. */
final class ClientOptions {
    @Option(names = "--endpoints", split = ",", paramLabel = "[https://]HOST:PORT", defaultValue = "127.0.0.1:2379", description = "Members to ask, separated by commas (default: ${DEFAULT-VALUE}).")
    private List<String> endpoints = List.of();

    @Option(names = "--command-timeout", paramLabel = "SECONDS", defaultValue = "5", description = "How long a request may take (default: ${DEFAULT-VALUE}).")
    private int commandTimeoutSeconds;

    @Mixin
    private ClientTls tls = new ClientTls();

    EtcdClient connect() {
        return new EtcdClient(endpoints, tls, commandTimeoutSeconds * 1000L);
    }
}
