// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.Network;
import io.jangada.network.tcp.TcpIdentity;
import io.jangada.network.tcp.TcpNetwork;
import io.jangada.network.tcp.TcpOptions;
import io.jangada.network.tcp.TcpRuntime;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.TlsContexts;
import io.jangada.network.tls.TlsFileException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A host's network, and the event loops under it if the host made them. Immutable.
 *
 * @param network the way to the peers
 * @param own the loops that end with it; null if the network was plugged in
 */
record HostNetwork(Network network, @Nullable EventLoopGroup own) {

    /** Reads the files of TLS; blocks. */
    static HostNetwork of(RaftHostBuilder from) throws TlsFileException {
        if (from.pluggedNetwork().isPresent()) {
            return new HostNetwork(from.pluggedNetwork().get(), null);
        }
        TcpOptions options = options(from);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, TcpRuntime.ioHandlers());
        TcpRuntime runtime = new TcpRuntime(loops, from.loops().background(), from.random(),
                InstantSource.system());
        return new HostNetwork(
                new TcpNetwork(new TcpIdentity(from.clusterId(), from.memberId()), from.listen(),
                        options, from.limits(), runtime),
                loops);
    }

    private static TcpOptions options(RaftHostBuilder from) throws TlsFileException {
        TcpOptions options = TcpOptions.PLAIN.withCompression(from.peerCompression());
        Optional<PeerTls> tls = from.peerTls();
        return tls.isEmpty()
                ? options
                : options.withTls(TlsContexts.open(tls.get(), from.loops().background(),
                        InstantSource.system()));
    }

    /** Blocks until nothing more arrives. */
    void close() {
        network.close();
        if (own != null) {
            Future<?> ignored = own.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
