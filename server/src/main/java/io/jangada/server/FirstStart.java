// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.network.tcp.TcpInquiry;
import io.jangada.server.config.Bootstrap;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.InitialClusterState;
import io.jangada.server.config.RegistryConfig;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.discovery.DiscoveryException;
import io.jangada.server.discovery.Registry;
import io.jangada.server.discovery.SrvRecords;
import java.util.stream.Collectors;

/**
 * Who a member is whose data directory is new: one of those that begin a cluster, or one that was added to it. Blocks
 * while it asks others. For the starting thread.
 *
 * @param config what it was told
 * @param inquiry asks the members of a cluster that exists
 */
record FirstStart(ServerConfig config, TcpInquiry inquiry) implements DataDirectory.Beginning {

    @Override
    public DataDirectory.Identity identity() throws StartException {
        ServerConfig complete = discovered();
        return config.initialClusterState() == InitialClusterState.NEW
                ? DataDirectory.Identity.of(complete)
                : new Joining(complete, inquiry, EtcdServer.GROUP).identity();
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
}
