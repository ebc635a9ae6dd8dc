// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.jangada.network.ListenException;
import io.jangada.network.PeerAddress;
import io.jangada.network.RecordingListener;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Members of one cluster in this process, on ports that are free. */
final class Members implements AutoCloseable {
    static final long CLUSTER = 7;
    static final TcpLimits LIMITS = TcpLimits.DEFAULTS;

    /** A started network and what its listener heard. */
    record Member(TcpNetwork network, RecordingListener heard) {
        HostPort address() {
            return network.boundAddresses().get(0);
        }
    }

    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final TcpRuntime runtime;
    private final List<TcpNetwork> started = new ArrayList<>();

    /** On epoll where there is, else on NIO. */
    Members() {
        var standalone = TcpRuntime.standalone();
        this.runtime = new TcpRuntime(standalone.loops(), blocking, new Random(1),
                InstantSource.system());
    }

    /** On NIO. */
    static Members onNio() {
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        return new Members(loops);
    }

    private Members(MultiThreadIoEventLoopGroup loops) {
        this.runtime = new TcpRuntime(loops, blocking, new Random(1), InstantSource.system());
    }

    TcpRuntime runtime() {
        return runtime;
    }

    /** The event loop that all of them share. */
    SingleThreadEventExecutor loop() {
        return (SingleThreadEventExecutor) runtime.loops().next();
    }

    Member start(long id) throws ListenException {
        return start(id, LIMITS);
    }

    Member start(long id, TcpLimits limits) throws ListenException {
        return start(new TcpIdentity(CLUSTER, id), limits);
    }

    Member start(TcpIdentity identity, TcpLimits limits) throws ListenException {
        return start(identity, new HostPort("127.0.0.1", 0), limits);
    }

    Member start(TcpIdentity identity, HostPort listen, TcpLimits limits)
            throws ListenException {
        return start(identity, listen, TcpOptions.PLAIN, limits);
    }

    Member start(long id, TcpOptions options) throws ListenException {
        return start(new TcpIdentity(CLUSTER, id), new HostPort("127.0.0.1", 0), options, LIMITS);
    }

    Member start(TcpIdentity identity, HostPort listen, TcpOptions options, TcpLimits limits)
            throws ListenException {
        var network = new TcpNetwork(identity, List.of(listen), options, limits, runtime);
        var listener = new RecordingListener();
        network.start(listener);
        started.add(network);
        return new Member(network, listener);
    }

    /** Makes each the other's peer. */
    static void introduce(long one, Member first, long two, Member second) {
        first.network().addPeer(peer(two, second.address()));
        second.network().addPeer(peer(one, first.address()));
    }

    static PeerAddress peer(long id, HostPort... addresses) {
        return new PeerAddress(id, List.of(addresses));
    }

    @Override
    public void close() {
        started.forEach(TcpNetwork::close);
        runtime.shutdown();
        blocking.close();
    }
}
