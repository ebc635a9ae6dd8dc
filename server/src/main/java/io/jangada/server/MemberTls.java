// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.network.tcp.TcpOptions;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.SelfSigned;
import io.jangada.network.tls.TlsContexts;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import io.jangada.server.config.TlsSide;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** The TLS of a member's ports, from what it is configured with. For the starting thread; blocks. */
final class MemberTls {
    /** Where etcd keeps certificates that it makes, too. */
    private static final String MADE = "fixtures";

    private final ServerConfig config;
    private final Executor blocking;

    /** Reads files again by {@code blocking}. */
    MemberTls(ServerConfig config, Executor blocking) {
        this.config = config;
        this.blocking = blocking;
    }

    /**
     * That of the client port, and of calls to other members' client ports; empty without.
     *
     * @throws IOException if a file is missing or not what it should be, or none can be made
     */
    Optional<TlsContexts> clients() throws IOException {
        return contexts(config.tls().clients(), "client",
                hosts(config.listenClientUrls(), config.advertiseClientUrls()));
    }

    /**
     * That of the peer port, and of connections to other members' peer ports.
     *
     * @throws IOException as for the client port
     */
    TcpOptions peers() throws IOException {
        if (!config.listenPeerUrls().getFirst().isTls()) {
            return TcpOptions.PLAIN;
        }
        return contexts(config.tls().peers(), "peer",
                hosts(config.listenPeerUrls(), config.initialAdvertisePeerUrls()))
                .map(TcpOptions.PLAIN::withTls).orElse(TcpOptions.PLAIN);
    }

    private Optional<TlsContexts> contexts(TlsSide side, String name, List<String> hosts)
            throws IOException {
        return switch (side) {
            case TlsSide.Plain ignored -> Optional.empty();
            case TlsSide.Files(PeerTls tls) -> Optional.of(open(tls));
            case TlsSide.SelfMade made -> Optional.of(open(SelfSigned
                    .in(config.dataDir().resolve(MADE).resolve(name), hosts, made.validity(),
                            InstantSource.system())
                    .withOptions(made.options())));
        };
    }

    private TlsContexts open(PeerTls tls) throws IOException {
        return TlsContexts.open(tls, blocking, InstantSource.system());
    }

    private static List<String> hosts(List<ServerUrl> listen, List<ServerUrl> advertise) {
        return Stream.concat(listen.stream(), advertise.stream())
                .filter(url -> !url.isSocket()).map(url -> url.hostPort().host()).distinct()
                .toList();
    }
}
