// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.HostPort;
import io.jangada.network.ListenException;
import io.jangada.network.Network;
import io.jangada.network.NetworkListener;
import io.jangada.network.PeerAddress;
import io.jangada.network.PeerStats;
import io.jangada.network.SnapshotSource;
import io.jangada.raft.model.Message;
import java.util.List;
import java.util.function.Consumer;

/**
 * Peers over TCP. Each member connects to each peer and sends on that connection only; what the peer
 * sends comes on the peer's own connection. Thread-safe.
 */
public final class TcpNetwork implements Network {

    /**
     * A network that does nothing before it is started.
     *
     * @param identity this member
     * @param listen where to listen; several are allowed, and port 0
     */
    public TcpNetwork(TcpIdentity identity, List<HostPort> listen, TcpLimits limits,
            TcpRuntime runtime) {}

    /** The addresses listened on, with their real ports, in the order given. Empty before {@link #start}. */
    public List<HostPort> boundAddresses() {
        return List.of();
    }

    @Override
    public void start(NetworkListener listener) throws ListenException {}

    @Override
    public void send(long group, Message message) {}

    @Override
    public void sendSnapshot(long group, Message.InstallSnapshot message, SnapshotSource source,
            Consumer<Boolean> delivered) {}

    @Override
    public void addPeer(PeerAddress peer) {}

    @Override
    public void updatePeer(PeerAddress peer) {}

    @Override
    public void removePeer(long peer) {}

    @Override
    public List<PeerStats> stats() {
        return List.of();
    }

    @Override
    public void close() {}
}
